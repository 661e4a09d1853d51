"""Tries an installed distribution: imports, versions, commands.

Runs inside a clean environment, on any Python from 3.8: standard library
only, and nothing of ours beside it.

    python smoke.py NAME ANSWER

Writes one JSON object to the file ANSWER: what was imported, what failed, and
the version as each place states it.
"""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

COMMAND_SECONDS = 30
IMPORT_SECONDS = 120
# Modules of these folders and files may need more than a release does.
NOT_TRIED = re.compile(
    r"__main__|setup|conftest|(tests?|testing|docs?|examples?|bench\w*)(_.*)?"
    r"|.*_test"
)
LACKS = re.compile(r"^ModuleNotFoundError: No module named '([\w.]+)'")


def import_names(files):
    """Top-level modules among a distribution's files.

    Of a namespace package, the shallowest packages in it; where there is
    none, its shallowest modules.
    """
    packages, modules, loose = set(), set(), set()
    for parts in (file.parts for file in files or []):
        name = parts[-1].split(".")[0]
        if not all(part.isidentifier() for part in (*parts[:-1], name)):
            continue
        if parts[-1] == "__init__.py":
            packages.add(parts[:-1])
        elif not parts[-1].endswith((".py", ".so")):
            continue
        elif len(parts) == 1:
            modules.add(name)
        elif not any(map(NOT_TRIED.fullmatch, (*parts[:-1], name))):
            loose.add((*parts[:-1], name))
    tops = {
        ".".join(package)
        for package in packages
        if not any(package[:n] in packages for n in range(1, len(package)))
    }
    return sorted(tops | modules | shallowest(packages, loose))


def shallowest(packages, modules):
    """The first modules of each top folder that has no package in it."""
    found = {}
    for module in sorted(modules, key=len):
        if not any(package[0] == module[0] for package in packages):
            found.setdefault(module[0], []).append(module)
    return {
        ".".join(module)
        for modules in found.values()
        for module in modules
        if len(module) == len(modules[0])
    }


def text_attribute(module, *names):
    """The first of these attributes that is text."""
    for name in names:
        value = getattr(module, name, None)
        if isinstance(value, str):
            return value
    return None


@contextmanager
def within(seconds):
    """Ends what takes longer than some seconds."""

    def end(*_):
        raise TimeoutError(f"it did not end within {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def try_imports(names):
    """Problems, and the versions that the imported modules state."""
    problems, versions = [], {}
    for name in names:
        try:
            with within(IMPORT_SECONDS):
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


def plain(name):
    """A project or module, by what their spellings have in common."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def lacks(command, distribution):
    """The module that a crashed command lacks, where an extra brings it.

    The module of a project is called as that, or as a part of it: yaml of
    PyYAML.
    """
    found = LACKS.match(command["output"].splitlines()[-1])
    if found is None:
        return None
    module = plain(found[1].partition(".")[0])
    brought = [
        plain(re.match(r"[\w.-]*", requirement)[0])
        for requirement in distribution.requires or []
        if re.search(r";.*\bextra\b", requirement)
    ]
    return found[1] if any(module in name for name in brought) else None


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
            command["lacks"] = lacks(command, distribution)
            last = command["output"].splitlines()[-1]
            if command["lacks"] is None:
                problems.append(f"{command['name']} --version crashed: {last}")
    return {
        "problems": problems,
        "imported": names,
        "versions": {"importlib.metadata": distribution.version, **versions},
        "commands": commands,
    }


if __name__ == "__main__":
    report = smoke(sys.argv[1])
    Path(sys.argv[2]).write_text(json.dumps(report), encoding="utf-8")
    # What the package has started, or does at the end, is not waited for.
    os._exit(0)
