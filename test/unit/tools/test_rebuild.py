"""rebuild.py: the same bytes twice, or which member is to blame."""

import json

import pytest

import rebuild

# A backend in the project; WHEEL stands for what the wheel's module holds.
BACKEND = """
import os, tarfile, time, zipfile

def build_sdist(out, settings):
    with tarfile.open(os.path.join(out, "demo-1.0.tar.gz"), "w:gz") as archive:
        for file in sorted(os.listdir(".")):
            if os.path.isfile(file):
                archive.add(file, f"demo-1.0/{file}")
    return "demo-1.0.tar.gz"

def build_wheel(out, settings):
    name = "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(out, name), "w") as archive:
        MEMBERS
    return name
"""

FIXED = """
        info = zipfile.ZipInfo("demo.py", (2020, 1, 1, 0, 0, 0))
        archive.writestr(info, "same")
        info.filename = "fickle.txt"
        archive.writestr(info, CONTENT)
"""

# No two moments have the same time in it.
RESTLESS = """
        now = time.time_ns() // 1000
        when = (1980 + now % 100, 1 + now // 100 % 12, 1 + now // 1200 % 28)
        clock = (now // 33600 % 24, now // 806400 % 60, 0)
        archive.writestr(zipfile.ZipInfo("a.py", when + clock), "")
"""


@pytest.fixture
def build(repository, tmp_path, monkeypatch, capsys):
    """Builds a project with this backend, then again; what is said of it."""
    monkeypatch.setattr(rebuild, "AGAIN", tmp_path / "again")

    def twice(members):
        repository.commit({"backend.py": BACKEND.replace("MEMBERS", members)})
        root, out = str(repository.root), tmp_path / "dist"
        arguments = ["--root", root, "--out", str(out), "--backend-path", "."]
        arguments += ["--time", "1700000000", "--backend", "backend"]
        rebuild.subprocess.run(
            [rebuild.sys.executable, str(rebuild.BUILD), *arguments],
            check=True,
            stdout=rebuild.subprocess.PIPE,
        )
        rebuild.main(["--built", str(out), "--", *arguments])
        return json.loads(capsys.readouterr().out)

    return twice


def test_a_sound_build_is_the_same_twice(build):
    report = build(FIXED.replace("CONTENT", "os.environ['TZ']"))
    assert report["problems"] == []
    assert report["compared"] == [
        "demo-1.0-py3-none-any.whl",
        "demo-1.0.tar.gz",
    ]


def test_a_member_with_other_bytes_is_named(build):
    [problem] = build(FIXED.replace("CONTENT", "str(time.time_ns())"))[
        "problems"
    ]
    assert problem == (
        "demo-1.0-py3-none-any.whl is not the same twice:"
        " fickle.txt has other bytes"
    )


def test_a_member_with_another_time_is_named(build):
    [problem] = build(RESTLESS)["problems"]
    assert "a.py has another time or mode" in problem


def test_a_member_of_one_build_is_named(build):
    [problem] = build('archive.writestr(f"a{time.time_ns()}", "")')["problems"]
    assert problem.count("is in one of them only") == 2


def test_members_in_another_order_are_told(build):
    [problem] = build(
        "for it in sorted('ab', reverse='/again/' in out):"
        " archive.writestr(zipfile.ZipInfo(it, (2020, 1, 1, 0, 0, 0)), '')"
    )["problems"]
    assert problem.endswith("their members are equal, in another order")


def test_a_second_build_that_fails_is_told(build):
    report = build("if '/again/' in out: raise SystemExit(3)")
    assert report["problems"] == ["a second build fails (exit code 1)"]


def test_a_second_build_may_lack_a_file(tmp_path):
    (tmp_path / "demo-1.0.tar.gz").write_bytes(b"")
    [problem] = rebuild.compare(tmp_path, tmp_path / "none")
    assert problem == "a second build makes no demo-1.0.tar.gz"
