"""Tries an installed distribution: imports, versions, commands.

Runs inside a clean environment, on any Python from 3.8: standard library
only, and nothing of ours beside it.

    python smoke.py NAME

Prints one JSON object: what was imported, what failed, and the version as
each place states it.
"""

import importlib
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

COMMAND_SECONDS = 30


def import_names(files):
    """Top-level modules among a distribution's files.

    Of a namespace package, the shallowest packages in it.
    """
    packages, modules = set(), set()
    for parts in (file.parts for file in files or []):
        name = parts[-1].split(".")[0]
        if not all(part.isidentifier() for part in (*parts[:-1], name)):
            continue
        if parts[-1] == "__init__.py":
            packages.add(parts[:-1])
        elif len(parts) == 1 and parts[-1].endswith((".py", ".so")):
            modules.add(name)
    tops = {
        ".".join(package)
        for package in packages
        if not any(package[:n] in packages for n in range(1, len(package)))
    }
    return sorted(tops | modules)


def text_attribute(module, *names):
    """The first of these attributes that is text."""
    for name in names:
        value = getattr(module, name, None)
        if isinstance(value, str):
            return value
    return None


def try_imports(names):
    """Problems, and the versions that the imported modules state."""
    problems, versions = [], {}
    for name in names:
        try:
            module = importlib.import_module(name)
            stated = text_attribute(module, "__version__")
        except BaseException as error:  # a module may call sys.exit
            problems.append(
                f"import {name} failed: {type(error).__name__}: {error}"
            )
            continue
        if stated is not None:
            versions[f"{name}.__version__"] = stated
        try:
            generated = importlib.import_module(f"{name}._version")
        except Exception:
            continue  # most packages have none
        stated = text_attribute(generated, "version", "__version__")
        if stated is not None:
            versions[f"{name}._version"] = stated
    return problems, versions


def try_command(name):
    """What `NAME --version` did."""
    path = Path(sys.executable).with_name(name)
    try:
        done = subprocess.run(
            [str(path), "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return {"name": name, "exitCode": None, "output": ""}
    except OSError as error:
        return {"name": name, "exitCode": 127, "output": str(error)}
    output = done.stdout.decode("utf-8", "replace").strip()
    return {"name": name, "exitCode": done.returncode, "output": output}


def smoke(name):
    """Everything tried, as one object."""
    distribution = metadata.distribution(name)
    names = import_names(distribution.files)
    problems, versions = try_imports(names)
    commands = [
        try_command(entry.name)
        for entry in distribution.entry_points
        if entry.group == "console_scripts"
    ]
    for command in commands:
        if re.search(r"^Traceback ", command["output"], re.MULTILINE):
            last = command["output"].splitlines()[-1]
            problems.append(f"{command['name']} --version crashed: {last}")
    return {
        "problems": problems,
        "imported": names,
        "versions": {"importlib.metadata": distribution.version, **versions},
        "commands": commands,
    }


if __name__ == "__main__":
    report = smoke(sys.argv[1])
    # The imported package may print, or replace stdout.
    sys.__stdout__.write("\n" + json.dumps(report) + "\n")
