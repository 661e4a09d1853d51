"""Runs a project's tests against its installed wheel.

The tests run in a copy that holds what git tracks without the code that the
wheel installs, so that no layout lets them import the source tree. Where a
package has tests inside, a link to the installed package is in its place, so
that pytest collects there what it would in the tree. Tests that the wheel
leaves out of a package are laid into the installed one.

    python run_tests.py --python 3.11 --source /src --name demo \\
        --wheel /dist/demo-1.0-py3-none-any.whl --extras test --groups dev

Prints {"python", "command", "tests", "failed", "skipped", "xfailed"} where all
passed; else {"error": SENTENCE} and exit code 1. The tests' own output goes to
stderr. Runs on every Python that is tested with, 3.8 and later.
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
from pathlib import Path

from environment import InstallError, clean_environment
from layout import TEST_FOLDERS, installed_as, installed_paths, source_tops

COPY = Path(tempfile.gettempdir()) / "pypi-deploy-tests"
RESULTS = Path(tempfile.gettempdir()) / "pypi-deploy-tests.json"
COUNTS = Path(__file__).with_name("count_tests.py")
CODE = (".py", ".so", ".pyi")
# Folders of a package that hold its tests; `testing` is often for others.
INNER_TESTS = {"test", "tests"}
TEST_FILE = re.compile(r"(test_.*|.*_test)\.py")
TEST_WORD = re.compile(r"(^|[._-])(tests?|testing|conftest)([._-]|$)")
# Where pytest is told to collect more than files of the usual names.
SETTINGS = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini")
SETTINGS += ("setup.cfg", "pytest.toml", ".pytest.toml")
COLLECTS_MORE = re.compile(r"--doctest-modules|python_files")
LINES_KEPT = 20
NO_TESTS_COLLECTED = 5  # pytest's exit code


class FailedTestsError(Exception):
    """Tests that did not pass, with the sentence that says how."""


def is_test(path):
    """Whether a path inside a package is its tests'."""
    *folders, name = path.split("/")
    by_name = TEST_FILE.fullmatch(name) is not None or name == "conftest.py"
    return by_name or not INNER_TESTS.isdisjoint(folders)


class Places:
    """What becomes of each tracked file, by what a wheel installs.

    copied: what tests may use beside the package.
    added: tests that the wheel leaves out, and where they would be installed.
    kept: files that the wheel installs, and where.
    """

    def __init__(self, files, installed):
        self.copied, self.added, self.kept = [], {}, {}
        tops = {
            (root, top)
            for root, top in source_tops(installed, files)
            if top not in TEST_FOLDERS
        }
        names = {path.split("/")[0].split(".")[0] for path in installed}
        for file in files:
            inner = installed_as(file, tops)
            if inner is not None and "/" in inner:
                if inner in installed:
                    self.kept[file] = inner
                elif is_test(inner):
                    self.added[file] = inner
            elif is_copied(file, inner, names - TEST_FOLDERS):
                self.copied.append(file)

    def links(self, everywhere):
        """The packages with tests inside, as the copy and the wheel have them.

        Of a namespace package, the packages and modules in it: other projects
        install into it, too.
        """
        inside = {**self.kept, **self.added}
        packages = {
            path[: -len("/__init__.py")]
            for path in inside.values()
            if path.endswith("/__init__.py")
        }
        found = {}
        for file, path in inside.items():
            parts = path.split("/")
            heads = ["/".join(parts[: n + 1]) for n in range(len(parts))]
            link = next((it for it in heads if it in packages), path)
            if everywhere or TEST_FILE.fullmatch(parts[-1]):
                found[file[: len(file) - len(path)] + link] = link
        return found


def is_copied(file, inner, names):
    """Whether a file outside of the packages is more than code to install."""
    parts = file.split("/")
    if inner is not None:
        return TEST_FILE.fullmatch(inner) is not None
    if parts[0] == "src" and len(parts) > 1:
        return any(TEST_WORD.search(part) for part in parts[1:])
    if parts[0].split(".")[0] in names:
        is_code = len(parts) > 1 or parts[0].endswith(CODE)
        return not is_code or TEST_FILE.fullmatch(parts[0]) is not None
    return True


def tracked_files(folder):
    """Paths that git tracks in `folder`, relative to it; submodules' too."""
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-z", "--recurse-submodules"],
        stdout=subprocess.PIPE,
        check=True,
    )
    names = listed.stdout.split(b"\0")
    return [os.fsdecode(name) for name in names if name]


def copy_link(folder, file, target, copied):
    """Copies a symbolic link; what it leads to, where the copy lacks that."""
    source = folder / file
    leads = os.path.relpath(os.path.realpath(source), os.path.realpath(folder))
    has = any(it == leads or it.startswith(f"{leads}/") for it in copied)
    if has or leads == "." or not source.exists():
        target.symlink_to(os.readlink(source))
    elif source.is_file():
        shutil.copy2(str(source), str(target))
    elif leads.startswith("../"):
        shutil.copytree(str(source), str(target), symlinks=True)


def copy_file(folder, file, target, copied=()):
    """Copies a tracked file, where the folder has it."""
    source = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        copy_link(folder, file, target, copied)
    elif source.is_file():
        shutil.copy2(str(source), str(target))


def copy_tests(folder, places, copy):
    """Makes the copy."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for file in places.copied:
        copy_file(folder, file, copy / file, places.copied)


def collects_more(copy):
    """Whether pytest may collect other files than those named as tests."""
    texts = [copy / name for name in SETTINGS if (copy / name).is_file()]
    return any(
        COLLECTS_MORE.search(text.read_text(encoding="utf-8", errors="replace"))
        for text in texts
    )


def place_inner_tests(folder, places, copy, site):
    """Puts the tests of packages where they are installed, and are found."""
    for file, path in places.added.items():
        if not (site / path).exists():
            copy_file(folder, file, site / path)
    for link, path in places.links(collects_more(copy)).items():
        (copy / link).parent.mkdir(parents=True, exist_ok=True)
        if not (copy / link).exists():
            (copy / link).symlink_to(site / path)


def pytest_command():
    """pytest on the copy, with a plugin that counts as pytest does."""
    plugins = ["-p", "no:cacheprovider", "-p", COUNTS.stem]
    return ["python", "-m", "pytest", *plugins]


def counts(results):
    """How many tests ran, failed and were skipped; None where untold."""
    if not results.exists():
        return None
    told = json.loads(results.read_text(encoding="utf-8"))
    found = {
        "passed": told.get("passed", 0) + told.get("xpassed", 0),
        "failed": told.get("failed", 0) + told.get("error", 0),
        "skipped": told.get("skipped", 0),
        "xfailed": told.get("xfailed", 0),
    }
    total = sum(found.values())
    del found["passed"]
    return {"tests": total, **found}


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


def started(command, environment):
    """Runs a command of the project's; refuses one that cannot be started."""
    variables = {**environment.variables, "PYPI_DEPLOY_COUNTS": str(RESULTS)}
    try:
        return watched(command, variables)
    except FileNotFoundError:
        raise FailedTestsError(
            f"--command: {command[0]} is not there. Install it with --extras"
            " or --groups, or call it through python -m."
        ) from None
    except OSError as error:
        raise FailedTestsError(
            f"--command: {command[0]} cannot be run: {error.strerror}. Name a"
            ' program first, such as --command="python -m pytest tests".'
        ) from None


def run_pytest(options, environment):
    """Runs pytest; what came of it."""
    command, python = pytest_command(), f"Python {options.python}"
    RESULTS.unlink(missing_ok=True)
    returncode, _ = started(command, environment)
    results = counts(RESULTS)
    ended = f"exit code {returncode}"
    if returncode not in (0, NO_TESTS_COLLECTED):
        failed = results["failed"] if results else 0
        how = f"{failed} of {results['tests']} failed, " if failed else ""
        raise FailedTestsError(
            f"The tests do not pass on {python}: {how}{ended}."
        )
    if results is None and returncode == 0:
        raise FailedTestsError(
            f"pytest broke off on {python} with {ended} before its tests were"
            " counted. Something in them ends the process."
        )
    if returncode == NO_TESTS_COLLECTED or not results["tests"]:
        raise FailedTestsError(
            f"No tests were collected on {python}. Add tests that pytest"
            " finds, or pass the command that runs yours with --command."
        )
    return {"python": options.python, "command": shlex.join(command), **results}


def run_command(options, environment, command):
    """Runs the command that was asked for; its last words."""
    returncode, output = started(command, environment)
    if returncode != 0:
        raise FailedTestsError(
            f"The tests do not pass on Python {options.python}: exit code"
            f" {returncode}."
        )
    told = {"output": output[-LINES_KEPT:]}
    return {"python": options.python, "command": shlex.join(command), **told}


def words(command):
    """A command, split as a shell would."""
    try:
        return shlex.split(command)
    except ValueError as error:
        raise FailedTestsError(
            f"--command={command} cannot be read: {error}. Close what is"
            " quoted."
        ) from None


def test(options):
    """Makes copy and environment, and runs the tests."""
    command = words(options.command)
    with zipfile.ZipFile(options.wheel) as archive:
        installed = installed_paths(archive.namelist())
    places = Places(tracked_files(options.source), installed)
    copy_tests(options.source, places, COPY)
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
        place_inner_tests(options.source, places, COPY, environment.site)
        if command:
            return run_command(options, environment, command)
        shutil.copy2(str(COUNTS), str(environment.site / COUNTS.name))
        return run_pytest(options, environment)


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
