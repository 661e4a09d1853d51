"""about.py, extras.py and previous.py: what is promised, and was before."""

import json
import runpy
import sys
from pathlib import Path

import pytest
from test_index import as_json, pages, serving  # noqa: F401

import extras
import previous
from about import about


def test_about_is_what_the_metadata_promises(make_sdist, make_wheel, tmp_path):
    fields = ["Requires-Python: >=3.9", "Provides-Extra: fast"]
    fields += [
        "Classifier: Programming Language :: Python :: 3.12",
        "Classifier: Programming Language :: Python :: 3 :: Only",
    ]
    make_sdist()
    make_wheel(fields=fields)
    assert about(tmp_path / "dist") == {
        "requiresPython": ">=3.9",
        "pythons": ["3.12"],
        "extras": ["fast"],
    }


def test_about_is_empty_for_what_cannot_be_read(make_wheel, tmp_path):
    nothing = {"requiresPython": "", "pythons": [], "extras": []}
    assert about(tmp_path) == nothing
    make_wheel().write_bytes(b"no zip")
    assert about(tmp_path / "dist") == nothing


def test_about_prints_what_it_found(make_sdist, monkeypatch, capsys):
    folder = make_sdist(fields=["Provides-Extra: a"]).parent
    program = Path(extras.__file__).with_name("about.py")
    monkeypatch.setattr(sys, "argv", ["about.py", "--dist", str(folder)])
    runpy.run_path(str(program), run_name="__main__")
    assert json.loads(capsys.readouterr().out)["extras"] == ["a"]


EXTRAS = ["Provides-Extra: good", "Provides-Extra: bad"]


def resolved(capsys, path, *names):
    """The exit code, and what was printed, for these extras."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with pytest.raises(SystemExit) as ended:
        extras.main([str(path), *names, "--python", python])
    return ended.value.code, json.loads(capsys.readouterr().out)


def test_extras_that_resolve(make_wheel, capsys):
    needs = ["never>1,<1; python_version < '3' and extra == 'good'"]
    path = make_wheel(fields=EXTRAS, requires=needs)
    code, report = resolved(capsys, path, "good")
    assert (code, report) == (0, {"problems": [], "resolved": ["good"]})


def test_extras_that_do_not_resolve(make_wheel, capsys):
    needs = ["never>1,<1; extra == 'bad'"]
    path = make_wheel(fields=EXTRAS, requires=needs)
    code, report = resolved(capsys, path, "good", "bad")
    assert code == 1
    [problem] = report["problems"]
    assert problem.startswith(f"{path.name}[bad] cannot be resolved: ")


def listing(*names):
    return as_json(
        {"files": [{"filename": n, "url": f"/f/{n}"} for n in names]}
    )


def asked(capsys, url, version):
    upload = ["--upload", url, "--name", "demo", "--version", version]
    previous.main([*upload, "--simple", f"{url}/simple/"])
    return json.loads(capsys.readouterr().out)


def test_previous_is_the_release_before(pages, capsys):  # noqa: F811
    names = ["demo-1.0.tar.gz", "demo-1.1.tar.gz", "demo-2.0.tar.gz"]
    names += ["demo-1.1-py3-none-any.whl", "demo-1.1.exe", "demo-x.tar.gz"]
    pages.at["/simple/demo/"] = listing(*names)
    for size, name in enumerate(names):
        pages.at[f"/f/{name}"] = (200, {}, b"x" * (size + 1))
    assert asked(capsys, pages.url, "1.2") == {
        "version": "1.1",
        "sizes": {"demo-1.1.tar.gz": 2, "demo-1.1-py3-none-any.whl": 4},
    }
    assert asked(capsys, pages.url, "0.9")["version"] == "2.0"


def test_previous_files_may_be_gone(pages, capsys):  # noqa: F811
    pages.at["/simple/demo/"] = listing("demo-1.0.tar.gz")
    answer = {"version": "1.0", "sizes": {}}
    assert asked(capsys, pages.url, "1.1") == answer


def test_previous_is_nothing_for_a_first_release(pages, capsys):  # noqa: F811
    assert asked(capsys, pages.url, "1.0") is None
    pages.at["/simple/demo/"] = listing("demo-1.0.tar.gz")
    assert asked(capsys, pages.url, "1.0") is None


def test_previous_says_why_there_is_no_answer(pages, capsys):  # noqa: F811
    pages.at["/simple/demo/"] = (500, {}, b"")
    with pytest.raises(SystemExit):
        asked(capsys, pages.url, "1.0")
    assert "answers 500" in json.loads(capsys.readouterr().out)["error"]
