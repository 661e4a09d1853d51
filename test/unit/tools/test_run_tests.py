"""run_tests.py: the copy that tests run in, and what is installed for them."""

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from conftest import Repository

import run_tests


def places(installed, *files):
    return run_tests.Places(files, set(installed))


def copied(installed, *files):
    return places(installed, *files).copied


def test_the_copy_has_tests_and_configuration_and_no_source():
    files = ["pyproject.toml", "tests/test_a.py", "docs/demo/x.md"]
    source = ["src/demo/a.py", "demo/__init__.py", "demo.py", "demo.pyi"]
    assert copied(["demo/__init__.py"], *files, *source) == files


def test_a_file_that_is_called_as_the_package_is_kept_unless_it_is_code():
    assert copied(["demo.py"], "demo.toml", "demo.py") == ["demo.toml"]


@pytest.mark.parametrize(
    ("installed", "source"),
    [
        ("demo/__init__.py", ["lib/demo/__init__.py", "lib/demo/lost.py"]),
        ("demo.py", ["lib/demo.py"]),
        ("demo/a.py", ["python/lib/demo/a.py", "python/lib/demo/x.json"]),
        ("ns/demo/a.py", ["lib/ns/demo/a.py", "lib/ns/demo/lost.py"]),
    ],
)
def test_code_under_any_root_is_left_out(installed, source):
    files = ["lib/other.py", "tests/test_a.py"]
    assert copied([installed], *files, *source) == files


def test_a_package_of_the_same_name_inside_tests_is_kept():
    files = ["tests/demo/__init__.py", "tests/demo/test_a.py"]
    installed = ["demo/__init__.py", "tests/demo/__init__.py"]
    assert copied(installed, *files) == files


def test_tests_beside_the_modules_are_kept():
    files = ["src/test_demo.py", "src/_typed_test_helper.py", "test_b.py"]
    assert copied(["demo.py", "test_b.py"], "src/demo.py", *files) == files


def test_tests_that_a_wheel_leaves_out_of_a_package_are_added_to_it():
    files = ["src/demo/a.py", "src/demo/tests/data.txt", "src/demo/lost.py"]
    found = places(["demo/a.py"], *files, "src/demo/testing/b.py")
    assert found.added == {"src/demo/tests/data.txt": "demo/tests/data.txt"}
    assert found.copied == []


def test_packages_with_tests_inside_are_linked():
    installed = ["a/__init__.py", "a/tests/test_a.py", "b/__init__.py"]
    found = places(installed, *(f"src/{path}" for path in installed))
    assert found.links(False) == {"src/a": "a"}
    assert found.links(True) == {"src/a": "a", "src/b": "b"}


def test_of_a_namespace_package_what_is_in_it_is_linked():
    installed = ["ns/one/__init__.py", "ns/one/test_a.py", "ns/test_b.py"]
    found = places([*installed, "ns/c.py"], *installed)
    links = {"ns/one": "ns/one", "ns/test_b.py": "ns/test_b.py"}
    assert found.links(False) == links


def make_copy(repository, tmp_path, *installed):
    tracked = run_tests.tracked_files(repository.root)
    found = places(installed, *tracked)
    run_tests.copy_tests(repository.root, found, tmp_path / "copy")
    return found, tmp_path / "copy"


def test_the_copy_is_made_of_what_git_tracks(repository, tmp_path):
    files = {"tests/test_a.py": "1", "demo/__init__.py": "", "gone.txt": ""}
    repository.commit(files)
    repository.write({"untracked.py": ""})
    (repository.root / "gone.txt").unlink()
    _, copy = make_copy(repository, tmp_path, "demo/__init__.py")
    assert [str(path.name) for path in copy.rglob("*.*")] == ["test_a.py"]
    assert (copy / "tests/test_a.py").read_text() == "1"


def test_links_stay_links_where_the_copy_has_what_they_lead_to(
    repository, tmp_path
):
    (repository.root / "tests").mkdir()
    links = {
        "folder": "../shared",
        "file": "../shared/d.txt",
        "code": "../demo/__init__.py",
        "package": "../demo",
        "nowhere": "missing",
        "top": "..",
        "outside": "../../outside",
    }
    for name, target in links.items():
        (repository.root / "tests" / name).symlink_to(target)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.txt").write_text("")
    repository.commit({"shared/d.txt": "", "demo/__init__.py": ""})
    _, copy = make_copy(repository, tmp_path, "demo/__init__.py")
    kept = {it.name for it in (copy / "tests").iterdir() if it.is_symlink()}
    assert kept == {"folder", "file", "nowhere", "top"}
    assert (copy / "tests/code").is_file()
    assert not (copy / "tests/package").exists()
    assert (copy / "tests/outside/a.txt").is_file()


def test_files_of_submodules_are_copied(repository, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    Repository(other).commit({"data.txt": "1"})
    allow = ["-c", "protocol.file.allow=always"]
    add = ["submodule", "--quiet", "add", str(other), "tests/other"]
    repository.git(*allow, *add)
    repository.commit({})
    _, copy = make_copy(repository, tmp_path)
    assert (copy / "tests/other/data.txt").read_text() == "1"


def test_inner_tests_are_laid_beside_the_installed_package_and_linked(
    repository, tmp_path
):
    code = {"src/demo/__init__.py": "", "src/demo/tests/test_a.py": "new"}
    repository.commit({**code, "setup.cfg": "", "src/other/__init__.py": ""})
    installed = ["demo/__init__.py", "other/__init__.py"]
    found, copy = make_copy(repository, tmp_path, *installed)
    site = tmp_path / "site"
    for path in installed:
        (site / path).parent.mkdir(parents=True)
        (site / path).write_text("installed")
    run_tests.place_inner_tests(repository.root, found, copy, site)
    run_tests.place_inner_tests(repository.root, found, copy, site)
    assert (site / "demo/tests/test_a.py").read_text() == "new"
    assert (copy / "src/demo/__init__.py").read_text() == "installed"
    assert not (copy / "src/other").exists()
    (copy / "setup.cfg").write_text("addopts = --doctest-modules")
    run_tests.place_inner_tests(repository.root, found, copy, site)
    assert (copy / "src/other/__init__.py").read_text() == "installed"


def options(**changes):
    plain = {"name": "demo", "wheel": Path("/dist/demo.whl"), "extras": ""}
    rest = {"groups": "", "command": "", "python": "3.11"}
    return Namespace(**{**plain, **rest, **changes})


def test_extras_groups_and_pytest_are_installed():
    asked = options(extras="a,b", groups="tests,lint")
    assert run_tests.requirements(asked, Path("/copy")) == [
        "demo[a,b] @ file:///dist/demo.whl",
        *["--group", "/copy/pyproject.toml:tests"],
        *["--group", "/copy/pyproject.toml:lint"],
        "pytest",
    ]


def test_another_command_brings_its_own_requirements():
    asked = options(command="tox")
    assert run_tests.requirements(asked, Path("/copy")) == [
        "demo @ file:///dist/demo.whl"
    ]


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """Runs a command as the tests of a project."""
    results = tmp_path / "results.json"
    monkeypatch.setattr(run_tests, "COPY", tmp_path)
    monkeypatch.setattr(run_tests, "RESULTS", results)
    environment = Namespace(variables={"PATH": "/usr/bin:/bin"})

    def run(shell, told=None, command=None):
        if command is not None:
            split = run_tests.words(command)
            return run_tests.run_command(options(), environment, split)
        write = f"echo '{json.dumps(told)}' > {results};" if told else ""
        default = ["sh", "-c", f"{write} {shell}"]
        monkeypatch.setattr(run_tests, "pytest_command", lambda: default)
        return run_tests.run_pytest(options(), environment)

    return run


def test_pytests_counts_are_told(ran):
    told = ran("true", {"": 9, "passed": 2, "skipped": 2, "xpassed": 1})
    wanted = {"tests": 5, "failed": 0, "skipped": 2, "xfailed": 0}
    assert {key: told[key] for key in wanted} == wanted


def test_failing_tests_are_counted_in_the_error(ran):
    with pytest.raises(
        run_tests.FailedTestsError, match=r"3 of 5 failed, exit code 1"
    ):
        ran("exit 1", {"failed": 2, "error": 1, "passed": 2})


@pytest.mark.parametrize(
    ("shell", "told", "said"),
    [
        ("exit 5", None, "No tests were"),
        ("true", {"passed": 0}, "No tests were"),
        ("true", None, "broke off on Python 3.11 with exit code 0"),
        ("exit 4", None, "do not pass on Python 3.11: exit code 4"),
    ],
)
def test_without_tests_nothing_passes(ran, shell, told, said):
    with pytest.raises(run_tests.FailedTestsError, match=said):
        ran(shell, told)


def test_the_words_of_another_command_are_told(ran):
    told = ran("", command="sh -c 'echo one; echo two'")
    assert told["output"] == ["one", "two"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sh -c 'exit 5'", "exit code 5"),
        ("no-such-command --all", "no-such-command is not there"),
        ("/etc/passwd", "/etc/passwd cannot be run: Permission denied"),
        ("sh 'x", "cannot be read: No closing quotation"),
    ],
)
def test_another_command_that_does_not_work_is_named(ran, command, said):
    with pytest.raises(run_tests.FailedTestsError, match=said):
        ran("", command=command)


TESTS = """
import pytest

def test_passes(): pass
def test_fails(): assert False
def test_is_skipped(): pytest.skip()
@pytest.mark.xfail
def test_fails_as_meant(): assert False
@pytest.fixture
def broken(): raise ValueError
def test_has_an_error(broken): pass
def test_has_parts(subtests):
    for part in range(3):
        with subtests.test(part=part): pass
"""


def test_the_plugin_counts_as_pytest_does(tmp_path):
    (tmp_path / "test_all.py").write_text(TESTS)
    (tmp_path / "test_broken.py").write_text("import no_such_module")
    results = tmp_path / "counts.json"
    command = [sys.executable, *run_tests.pytest_command()[1:]]
    command += ["--continue-on-collection-errors", "--rootdir=."]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(run_tests.COUNTS.parent),
            "PYPI_DEPLOY_COUNTS": str(results),
        },
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert "1 failed, 2 passed, 1 skipped, 1 xfailed" in done.stdout
    assert "2 errors" in done.stdout
    assert run_tests.counts(results) == {
        **{"tests": 7, "failed": 3, "skipped": 1, "xfailed": 1}
    }
