"""run_tests.py: the copy that tests run in, and what is installed for them."""

from argparse import Namespace
from pathlib import Path, PurePosixPath

import pytest

import run_tests


def copied(names, *files):
    paths = [PurePosixPath(file) for file in files]
    kept = run_tests.files_to_copy(paths, set(names))
    return [str(path) for path in kept]


def test_the_copy_has_tests_and_configuration_and_no_source():
    files = ["pyproject.toml", "tests/test_a.py", "docs/demo/x.md"]
    source = ["src/demo/a.py", "demo/__init__.py", "demo.py", "demo.pyi"]
    assert copied(["demo"], *files, *source) == files


def test_a_file_that_is_called_as_the_package_is_kept_unless_it_is_code():
    assert copied(["demo"], "demo.toml", "demo.py") == ["demo.toml"]


def test_a_source_folder_of_another_name_is_left_out():
    files = ["lib/demo/__init__.py", "lib/demo/a.py", "lib/other.py"]
    assert copied(["demo"], *files) == ["lib/other.py"]


def test_a_package_of_the_same_name_inside_tests_is_kept():
    files = ["tests/demo/__init__.py", "tests/demo/test_a.py"]
    assert copied(["demo", "tests"], *files) == files


def test_names_are_those_that_the_wheel_installs(make_wheel):
    files = {"demo/a.py": "", "single.py": "", "_c.cpython-311.so": ""}
    wheel = make_wheel(files, info={"demo-1.0.data/scripts/x": ""})
    assert run_tests.installed_names(wheel) == {"demo", "single", "_c"}


def test_the_copy_is_made_of_what_git_tracks(repository, make_wheel, tmp_path):
    files = {"tests/test_a.py": "1", "demo/__init__.py": "", "gone.txt": ""}
    repository.commit(files)
    repository.write({"untracked.py": ""})
    (repository.root / "gone.txt").unlink()
    copy = tmp_path / "copy"
    made = run_tests.copy_tests(repository.root, make_wheel(), copy)
    assert [str(path) for path in made] == ["tests/test_a.py"]
    assert (copy / "tests/test_a.py").read_text() == "1"


def test_tests_inside_the_package_are_run_from_the_installed_one(make_wheel):
    wheel = make_wheel({"demo/tests/test_a.py": "", "test_top.py": ""})
    inside = run_tests.pytest_command([PurePosixPath("conftest.py")], wheel)
    assert inside[-2:] == ["--pyargs", "demo"]
    beside = run_tests.pytest_command([PurePosixPath("a_test.py")], wheel)
    assert "--pyargs" not in beside
    none = run_tests.pytest_command([], make_wheel())
    assert "--pyargs" not in none


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
def ran(monkeypatch, tmp_path, make_wheel):
    """Runs a command as the tests of a project."""
    results = tmp_path / "results.xml"
    monkeypatch.setattr(run_tests, "COPY", tmp_path)
    monkeypatch.setattr(run_tests, "RESULTS", results)

    def run(shell, **changes):
        environment = Namespace(variables={"PATH": "/usr/bin:/bin"})
        default = ["sh", "-c", shell.replace("RESULTS", str(results))]
        monkeypatch.setattr(run_tests, "pytest_command", lambda *_: default)
        asked = options(wheel=make_wheel(), **changes)
        return run_tests.run(asked, environment, [])

    return run


SUITE = '<testsuites><testsuite tests="5" {}/></testsuites>'


def test_pytests_counts_are_told(ran):
    suite = SUITE.format('failures="0" errors="0" skipped="2"')
    told = ran(f"echo '{suite}' > RESULTS")
    counts = {key: told[key] for key in ("tests", "failed", "skipped")}
    assert counts == {"tests": 5, "failed": 0, "skipped": 2}


def test_failing_tests_are_counted_in_the_error(ran):
    suite = SUITE.format('failures="2" errors="1" skipped="0"')
    with pytest.raises(
        run_tests.FailedTestsError, match=r"3 of 5 failed, exit code 1"
    ):
        ran(f"echo '{suite}' > RESULTS; exit 1")


def test_no_tests_collected_is_a_failure(ran):
    with pytest.raises(run_tests.FailedTestsError, match="No tests were"):
        ran("exit 5")


def test_the_words_of_another_command_are_told(ran):
    told = ran("", command="sh -c 'echo one; echo two'")
    assert told["output"] == ["one", "two"]


def test_another_command_may_end_with_5(ran):
    with pytest.raises(run_tests.FailedTestsError, match="exit code 5"):
        ran("", command="sh -c 'exit 5'")


def test_a_command_that_is_not_there_is_named(ran):
    with pytest.raises(run_tests.FailedTestsError, match="no-such-command is"):
        ran("", command="no-such-command --all")
