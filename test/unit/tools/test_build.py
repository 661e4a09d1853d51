"""hooks.py, normalise.py and build.py: one commit, always the same bytes."""

import gzip
import hashlib
import json
import os
import sys
import tarfile
import types
from unittest import mock

import pytest

import build
import hooks
from normalise import normalise_sdist

# A backend of its own, in the project: writes what it sees.
BACKEND = """
import io, os, tarfile, time, zipfile

def get_requires_for_build_wheel(settings):
    return ["packaging"]

def build_sdist(out, settings):
    name = "demo-1.0.tar.gz"
    with tarfile.open(os.path.join(out, name), "w:gz") as archive:
        for file in sorted(os.listdir(".")):
            if os.path.isfile(file):
                archive.add(file, f"demo-1.0/{file}")
    return name

def build_wheel(out, settings):
    name = "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(out, name), "w") as archive:
        info = zipfile.ZipInfo("demo.py", (2020, 1, 1, 0, 0, 0))
        here = f"{os.getcwd()} {os.environ['SOURCE_DATE_EPOCH']}"
        archive.writestr(info, f"{here} {os.environ['CFLAGS']}")
    os.chmod(os.path.join(out, name), 0o600)
    return name
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """build.main changes variables and umask."""
    monkeypatch.setattr(build, "UNPACKED", tmp_path / "unpacked")
    before = os.umask(0o077)
    with mock.patch.dict(os.environ):
        yield
    os.umask(before)


def run(root, out, *more):
    arguments = ["--root", str(root), "--out", str(out), "--backend-path", "."]
    arguments += ["--time", "1700000000", "--backend", "backend"]
    build.main([*arguments, "--about", '{"project": "demo"}', *more])
    return json.loads((out / "pypi-deploy.json").read_text())


def test_a_build_is_described_and_leaves_out_what_git_does_not_track(
    repository, tmp_path, capfd
):
    repository.commit({"backend.py": BACKEND, "run.sh": "true"})
    (repository.root / "run.sh").chmod(0o755)
    repository.commit({})
    repository.write({"untracked.txt": "", "backend.py": BACKEND + "# edit"})
    out = tmp_path / "dist"
    manifest = run(repository.root, out)
    assert json.loads(capfd.readouterr().out) == manifest
    assert manifest["project"] == "demo"
    assert manifest["version"] == "1.0"
    names = [(file["name"], file["kind"]) for file in manifest["files"]]
    assert names == [
        ("demo-1.0.tar.gz", "sdist"),
        ("demo-1.0-py3-none-any.whl", "wheel"),
    ]
    for file in manifest["files"]:
        path = out / file["name"]
        content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["size"]
        assert path.stat().st_mode & 0o777 == 0o644
    with tarfile.open(out / "demo-1.0.tar.gz") as archive:
        modes = {member.name: member.mode for member in archive}
        edited = archive.extractfile("demo-1.0/backend.py").read()
    assert modes == {"demo-1.0/backend.py": 0o644, "demo-1.0/run.sh": 0o755}
    assert edited.endswith(b"# edit")


# A backend that is a command of its requirements, as uv_build is.
COMMAND_BACKEND = """
import subprocess

def build_sdist(out, settings):
    return subprocess.run(
        ["backend-command"], check=True, stdout=-1, text=True
    ).stdout
"""


def test_a_backend_finds_the_commands_of_its_requirements(tmp_path):
    scripts = tmp_path / "environment/bin"
    scripts.mkdir(parents=True)
    (scripts / "backend-command").write_text("#!/bin/sh\nprintf demo.tar.gz")
    (scripts / "backend-command").chmod(0o755)
    (scripts / "python").symlink_to(sys.executable)
    (tmp_path / "command_backend.py").write_text(COMMAND_BACKEND)
    python = str(scripts / "python")
    backend = build.Backend(python, "command_backend", ["."])
    answer = backend.call("sdist", tmp_path, tmp_path)
    assert answer == {"file": "demo.tar.gz"}


def test_a_backend_that_fails_is_a_sentence(repository, tmp_path, capfd):
    repository.commit({"backend.py": "raise SystemExit(3)"})
    with pytest.raises(SystemExit) as ended:
        run(repository.root, tmp_path / "dist")
    assert ended.value.code == 1
    assert json.loads(capfd.readouterr().out) == {
        "error": "The build backend failed on the sdist (exit code 3)."
    }


def test_an_sdist_of_two_folders_is_refused(make_sdist, tmp_path):
    path = tmp_path / "odd.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("a", "b"):
            folder = tarfile.TarInfo(name)
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
    with pytest.raises(build.BuildError, match="exactly one folder"):
        build.unpack(path)


def test_requirements_that_a_hook_asks_for_are_installed_once(
    monkeypatch, tmp_path
):
    backend = build.Backend("python", "x", [])
    calls = []

    def call(kind, folder, out, *flags):
        calls.append(("call", *flags))
        (out / "file").touch()
        return {"file": "file"} if flags else {"requires": ["cython"]}

    monkeypatch.setattr(backend, "call", call)
    install = lambda names: calls.append(("install", *names))  # noqa: E731
    monkeypatch.setattr(backend, "install", install)
    assert backend.build("sdist", tmp_path, tmp_path) == tmp_path / "file"
    assert calls == [("call",), ("install", "cython"), ("call", "--satisfied")]


def test_requirements_that_cannot_be_installed_are_named(monkeypatch):
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    monkeypatch.setattr(build, "run", failing)
    with pytest.raises(build.BuildError, match="asks for a, b, which cannot"):
        build.Backend("python", "x", []).install(["a", "b"])


def failing(command, **_):
    raise build.subprocess.CalledProcessError(1, command)


def test_an_sdist_is_the_same_whatever_wrote_it(tmp_path):
    paths = [tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"]
    for number, path in enumerate(paths):
        with tarfile.open(path, "w:gz") as archive:
            names = ["demo/b", "demo/a", "demo/link"]
            for name in names if number else reversed(names):
                member = tarfile.TarInfo(name)
                member.mtime = 1000.5 * (number + 1)
                member.mode = 0o600 if number else 0o664
                member.uname = f"user{number}"
                if name.endswith("link"):
                    member.type, member.linkname = tarfile.SYMTYPE, "a"
                archive.addfile(member)
        normalise_sdist(path, 1_700_000_000)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with gzip.open(paths[0]) as file:
        file.read(1)
        assert file.mtime == 1_700_000_000
    with tarfile.open(paths[0]) as archive:
        assert archive.getnames() == ["demo/a", "demo/b", "demo/link"]
        assert archive.getmember("demo/link").linkname == "a"


def test_hooks_ask_first_and_tell_what_is_missing(tmp_path):
    asked = []
    backend = types.SimpleNamespace(
        get_requires_for_build_sdist=lambda _: asked,
        build_sdist=lambda out, _: "demo.tar.gz",
    )
    assert hooks.run_hooks(backend, "sdist", tmp_path, False) == {
        "file": "demo.tar.gz"
    }
    asked += ["pytest", "no-such-project", "pytest>=1"]
    assert hooks.run_hooks(backend, "sdist", tmp_path, False) == {
        "requires": ["no-such-project", "pytest>=1"]
    }
    satisfied = hooks.run_hooks(backend, "sdist", tmp_path, True)
    assert satisfied == {"file": "demo.tar.gz"}


def test_a_backend_is_found_in_its_path_and_by_its_attributes(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "own_backend.py").write_text("class a:\n  b = 7")
    assert hooks.load_backend("own_backend:a.b", [str(tmp_path)]) == 7
