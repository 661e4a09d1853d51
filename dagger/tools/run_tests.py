"""Runs a project's tests against its installed wheel.

The tests run in a copy that holds what git tracks without the code that the
wheel installs, so that no layout lets them import the source tree. Tests
inside the package are run from the installed one.

    python run_tests.py --python 3.11 --source /src --name demo \\
        --wheel /dist/demo-1.0-py3-none-any.whl --extras test --groups dev

Prints {"python", "tests", "failed", "skipped"} where all passed; else
{"error": SENTENCE} and exit code 1. The tests' own output goes to stderr.
Runs on every Python that is tested with, 3.8 and later.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from environment import InstallError, clean_environment

COPY = Path(tempfile.gettempdir()) / "pypi-deploy-tests"
RESULTS = Path(tempfile.gettempdir()) / "pypi-deploy-tests.xml"
TEST_FOLDERS = {"test", "tests", "testing"}
LINES_KEPT = 20
NO_TESTS_COLLECTED = 5  # pytest's exit code


class FailedTestsError(Exception):
    """Tests that did not pass, with the sentence that says how."""


def installed_names(wheel):
    """Names of packages and modules that the wheel puts beside each other."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {PurePosixPath(name).parts[0] for name in archive.namelist()}
    return {
        top.split(".")[0]
        for top in tops
        if not top.endswith((".dist-info", ".data"))
    }


def is_source(parts, names, roots):
    """Whether a tracked file is code that the wheel installs."""
    if parts[0] == "src" or parts[0].split(".")[0] in names - TEST_FOLDERS:
        return len(parts) > 1 or parts[0].endswith((".py", ".so", ".pyi"))
    return len(parts) > 1 and parts[0] in roots and parts[1] in names


def source_roots(files, names):
    """Folders other than src that hold an installed package: lib, python."""
    return {
        file.parts[0]
        for file in files
        if len(file.parts) == 3
        and file.parts[0] not in TEST_FOLDERS
        and file.parts[1] in names
        and file.name == "__init__.py"
    }


def files_to_copy(files, names):
    """The tracked files that tests may use: all but the package's code."""
    roots = source_roots(files, names)
    return [file for file in files if not is_source(file.parts, names, roots)]


def is_test_file(name):
    """Whether pytest would collect a file of that name."""
    return re.fullmatch(r"(test_.*|.*_test)\.py", name) is not None


def packages_with_tests(wheel):
    """Installed packages that have tests inside."""
    with zipfile.ZipFile(wheel) as archive:
        paths = [PurePosixPath(name) for name in archive.namelist()]
    inside = [p for p in paths if is_test_file(p.name) and len(p.parts) > 1]
    return sorted({path.parts[0] for path in inside})


def tracked_files(folder):
    """Paths that git tracks in `folder`, relative to it."""
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-z"],
        stdout=subprocess.PIPE,
        check=True,
    )
    names = listed.stdout.split(b"\0")
    return [PurePosixPath(os.fsdecode(name)) for name in names if name]


def copy_tests(folder, wheel, copy):
    """Makes the copy, and gives the files in it."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    copied = []
    for file in files_to_copy(tracked_files(folder), installed_names(wheel)):
        source, target = folder / file, copy / file
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(source), str(target))
            copied.append(file)
    return copied


def pytest_command(copied, wheel):
    """pytest on the copy; on the installed packages where it has no tests."""
    command = ["python", "-m", "pytest", f"--junit-xml={RESULTS}"]
    command += ["-p", "no:cacheprovider"]
    if any(is_test_file(file.name) for file in copied):
        return command
    inside = packages_with_tests(wheel)
    return [*command, "--pyargs", *inside] if inside else command


def counts(results):
    """How many tests ran, failed and were skipped, by pytest's XML report."""
    suites = ElementTree.parse(str(results)).getroot().iter("testsuite")
    total = {"tests": 0, "failed": 0, "skipped": 0}
    for suite in suites:
        total["tests"] += int(suite.get("tests", 0))
        total["failed"] += int(suite.get("failures", 0))
        total["failed"] += int(suite.get("errors", 0))
        total["skipped"] += int(suite.get("skipped", 0))
    return total


def requirements(options, copy):
    """What to install beside the wheel: extras, groups, and pytest."""
    extras = f"[{options.extras}]" if options.extras else ""
    found = [f"{options.name}{extras} @ {options.wheel.resolve().as_uri()}"]
    for group in filter(None, options.groups.split(",")):
        found += ["--group", f"{copy / 'pyproject.toml'}:{group}"]
    return found if options.command else [*found, "pytest"]


def watched(command, variables):
    """Runs a command, passing on what it writes; exit code and lines."""
    lines = []
    with subprocess.Popen(
        command,
        cwd=str(COPY),
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            sys.stderr.write(line)
            lines.append(line.rstrip("\n"))
    return process.returncode, lines


def run(options, environment, copied):
    """Runs the tests; what came of them."""
    default = pytest_command(copied, options.wheel)
    command = shlex.split(options.command) or default
    RESULTS.unlink(missing_ok=True)
    try:
        returncode, output = watched(command, environment.variables)
    except FileNotFoundError:
        raise FailedTestsError(
            f"--command: {command[0]} is not there. Install it with --extras"
            " or --groups, or call it through python -m."
        ) from None
    python = f"Python {options.python}"
    if not options.command and returncode == NO_TESTS_COLLECTED:
        raise FailedTestsError(
            f"No tests were collected on {python}. Add tests that pytest"
            " finds, or pass the command that runs yours with --command."
        )
    results = counts(RESULTS) if RESULTS.exists() else {}
    if returncode != 0:
        failed = results.get("failed", 0)
        how = f"{failed} of {results['tests']} failed, " if failed else ""
        raise FailedTestsError(
            f"The tests do not pass on {python}: {how}exit code {returncode}."
        )
    # pytest's counts say it all; of another command its words are wanted.
    told = results or {"output": output[-LINES_KEPT:]}
    return {"python": options.python, "command": shlex.join(command), **told}


def test(options):
    """Makes copy and environment, and runs the tests."""
    copied = copy_tests(options.source, options.wheel, COPY)
    with clean_environment(options.python) as environment:
        try:
            environment.install(
                *["--refresh-package", options.name, "--no-sources"],
                *requirements(options, COPY),
            )
        except InstallError:
            raise FailedTestsError(
                f"uv could not install {options.wheel.name} and what its"
                f" tests need on Python {options.python}."
            ) from None
        return run(options, environment, copied)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--extras", default="")
    parser.add_argument("--groups", default="")
    parser.add_argument("--command", default="")
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(test(options)))
    except FailedTestsError as error:
        print(json.dumps({"error": str(error)}))
        sys.exit(1)


if __name__ == "__main__":
    main()
