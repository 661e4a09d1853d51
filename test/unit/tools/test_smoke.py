"""smoke.py and install.py: what an installed distribution shows."""

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import PurePosixPath

import pytest

import install
import smoke
from environment import InstallError


def names(*files):
    return smoke.import_names([PurePosixPath(file) for file in files])


def test_packages_and_modules_are_named_once():
    assert names("a/__init__.py", "a/b/__init__.py", "single.py") == [
        "a",
        "single",
    ]


def test_of_a_namespace_package_the_packages_inside_are_named():
    files = ["ns/one/__init__.py", "ns/two/__init__.py", "ns/two/x/__init__.py"]
    assert names(*files) == ["ns.one", "ns.two"]


def test_modules_of_a_folder_without_a_package_are_named():
    files = ["ns/a.py", "ns/b/c.py", "ns/test_a.py", "ns/__main__.py"]
    assert names(*files, "tests/x.py", "ns/data.txt") == ["ns.a"]
    assert names("ns/a.py", "ns/b/__init__.py") == ["ns.b"]
    assert names("ns/x/b.py", "ns/y/c.py", "top.py") == [
        *("ns.x.b", "ns.y.c", "top")
    ]


def test_extension_modules_are_named_and_data_is_not():
    files = ["_c.cpython-311-x86_64-linux-gnu.so", "data.txt", "../bin/demo"]
    assert names(*files, "demo-1.0.dist-info/METADATA") == ["_c"]


def test_a_distribution_without_a_list_of_files_has_no_names():
    assert smoke.import_names(None) == []


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Puts modules where they can be imported."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    return write


def test_versions_are_read_from_module_and_version_file(modules):
    modules({"smoke_a/__init__.py": "__version__ = '1.1'"})
    modules({"smoke_a/_version.py": "version = '1.0'"})
    problems, versions = smoke.try_imports(["smoke_a"])
    assert problems == []
    assert versions == {"smoke_a.__version__": "1.1", "smoke_a._version": "1.0"}


def test_imports_that_fail_or_exit_are_problems(modules):
    modules({"smoke_b.py": "import no_such_module"})
    modules({"smoke_c.py": "raise SystemExit(1)"})
    problems, versions = smoke.try_imports(["smoke_b", "smoke_c"])
    assert "import smoke_b failed: ModuleNotFoundError" in problems[0]
    assert "import smoke_c failed: SystemExit" in problems[1]
    assert versions == {}


def test_an_import_that_does_not_end_is_a_problem(modules, monkeypatch):
    monkeypatch.setattr(smoke, "IMPORT_SECONDS", 0.1)
    modules({"smoke_e.py": "while True: pass"})
    [problem], _ = smoke.try_imports(["smoke_e"])
    assert problem.endswith("TimeoutError: it did not end within 0.1 s")


def test_a_version_that_is_no_text_is_none(modules):
    modules({"smoke_d.py": "__version__ = (1, 0)"})
    assert smoke.try_imports(["smoke_d"]) == ([], {})


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs a command of that text, as one beside the interpreter."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    def run(text):
        path = tmp_path / "demo"
        path.write_text(text)
        path.chmod(0o755)
        return smoke.try_command("demo")

    return run


def test_a_command_is_told_with_exit_code_and_output(command):
    told = command("#!/bin/sh\necho $1; echo err >&2; exit 3")
    assert told == {"name": "demo", "exitCode": 3, "output": "--version\nerr"}


def test_a_command_that_cannot_start_is_127(command):
    assert command("#!/no/such/interpreter\n")["exitCode"] == 127


def test_a_command_that_does_not_end_has_no_exit_code(command, monkeypatch):
    monkeypatch.setattr(smoke, "COMMAND_SECONDS", 0.1)
    assert command("#!/bin/sh\nexec sleep 9")["exitCode"] is None


def test_an_installed_distribution_is_tried_whole():
    report = smoke.smoke("iniconfig")
    assert report["imported"] == ["iniconfig"]
    assert report["problems"] == []
    assert report["versions"]["importlib.metadata"]


def test_a_command_that_crashes_is_a_problem(monkeypatch):
    crash = {"name": "x", "exitCode": 1}
    crash["output"] = "Traceback (most recent call last):\n  …\nKeyError: 1"
    monkeypatch.setattr(smoke, "try_command", lambda _: crash)
    report = smoke.smoke("pytest")
    assert report["problems"] == ["x --version crashed: KeyError: 1"] * 2


@pytest.mark.parametrize(
    ("module", "requires", "told"),
    [
        ("jinja2", ['jinja2; extra == "docs"'], "jinja2"),
        (
            "yaml.x",
            ['PyYAML>=6; python_version>"3" and extra == "y"'],
            "yaml.x",
        ),
        ("yaml", ["PyYAML"], None),
        ("other", ['jinja2; extra == "docs"'], None),
        ("other", None, None),
    ],
)
def test_a_command_may_need_an_extra(monkeypatch, module, requires, told):
    crash = {"name": "x", "exitCode": 1}
    crash["output"] = (
        f"Traceback (most\nModuleNotFoundError: No module named '{module}'"
    )
    distribution = Namespace(requires=requires)
    assert smoke.lacks(crash, distribution) == told


def test_a_command_of_an_extra_is_no_problem(monkeypatch):
    crash = {"name": "x", "exitCode": 1, "output": "Traceback (most\nx"}
    monkeypatch.setattr(smoke, "try_command", lambda _: dict(crash))
    monkeypatch.setattr(smoke, "lacks", lambda *_: "jinja2")
    report = smoke.smoke("pytest")
    assert report["problems"] == []
    assert report["commands"][0]["lacks"] == "jinja2"


class FakeEnvironment:
    """Where nothing is installed: this interpreter."""

    def __init__(self, root, complaint="", fails=""):
        self.root, self.complaint, self.fails = root, complaint, fails
        self.isolated, self.variables = [sys.executable, "-I"], {}
        self.installed = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def install(self, *arguments):
        self.installed.append(arguments)
        if self.fails and arguments[-1] == self.fails:
            raise InstallError("No solution found")

    def check(self):
        return self.complaint


@pytest.fixture
def installing(monkeypatch, tmp_path, capsys):
    def run(name, *more, **how):
        environment = FakeEnvironment(tmp_path, **how)
        make = lambda python: environment  # noqa: E731
        monkeypatch.setattr(install, "clean_environment", make)
        with pytest.raises(SystemExit) as ended:
            install.main(["--python=3.11", f"--name={name}", *more, "a.whl"])
        files = json.loads(capsys.readouterr().out)
        return Namespace(
            code=ended.value.code,
            installed=environment.installed,
            files={file: report["problems"] for file, report in files.items()},
        )

    return run


def test_an_install_that_works_ends_with_0(installing):
    done = installing("iniconfig", "--build-constraint=c.txt")
    assert (done.code, done.files) == (0, {"a.whl": []})
    [arguments] = done.installed
    assert arguments == (
        *["--refresh-package", "iniconfig"],
        *["--build-constraint=c.txt", "a.whl"],
    )


def test_of_several_files_each_is_told(installing):
    done = installing("iniconfig", "/dist/b.tar.gz", fails="/dist/b.tar.gz")
    assert done.code == 1
    assert done.files == {
        "a.whl": [],
        "b.tar.gz": ["uv could not install it: No solution found"],
    }


def test_what_uv_complains_about_is_a_problem(installing):
    done = installing("iniconfig", complaint="demo needs x")
    assert done.code == 1
    assert done.files == {"a.whl": ["uv pip check: demo needs x"]}


def test_a_distribution_that_is_not_there_is_a_problem(installing):
    [problem] = installing("no-such-distribution").files["a.whl"]
    assert problem == "trying no-such-distribution ended with 1"


ENDLESS = """
import atexit, subprocess, sys, threading, time
atexit.register(print, "bye")
sys.stdout = None
threading.Thread(target=time.sleep, args=(60,)).start()
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5)"])
"""


def test_what_a_package_prints_or_leaves_running_is_no_answer(
    tmp_path, monkeypatch
):
    info = tmp_path / "noisy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: noisy\nVersion: 1.0\n")
    (info / "RECORD").write_text("noisy.py,,\n")
    (tmp_path / "noisy.py").write_text(ENDLESS)
    environment = FakeEnvironment(tmp_path)
    environment.isolated = [sys.executable]
    environment.variables = {**os.environ, "PYTHONPATH": str(tmp_path)}
    report = install.run_smoke(environment, "noisy")
    assert (report["problems"], report["imported"]) == ([], ["noisy"])


def test_what_no_signal_ends_is_ended_from_outside(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "LONGEST", 0.1)
    environment = FakeEnvironment(tmp_path)
    environment.isolated = ["sh", "-c", "sleep 9"]
    [problem] = install.run_smoke(environment, "x")["problems"]
    assert problem == "trying x did not end within 0.1 s"


def test_smoke_writes_its_answer(tmp_path):
    answer = tmp_path / "answer.json"
    command = [sys.executable, smoke.__file__, "iniconfig", str(answer)]
    subprocess.run(command, check=True)
    assert json.loads(answer.read_text())["imported"] == ["iniconfig"]
