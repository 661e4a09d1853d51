"""migration/: what a project is made of, its edits, and their proof."""

import json
import sys

import pytest
import tomlkit
from packaging.metadata import _EMAIL_TO_RAW_MAPPING

from migration import compare, edit, survey, undo, versions

PLAN = {
    "pyproject": [],
    "removed": [],
    "added": {},
    "texts": [],
    "appended": [],
    "sections": [],
    "deleted": [],
}

OLD = """\
# The build
[build-system]
requires = ["hatchling"] # no other
build-backend = "hatchling.build"

[project]
name = "demo"
version = "1.0" # by hand
license = "MIT"

# Hatch's own
[tool.hatch.build]
sources = ["src"]

[tool.ruff]
line-length = 80
"""

EDITS = [
    {"do": "set", "path": ["build-system", "requires"], "value": ["a", "b"]},
    {"do": "rename", "path": ["project", "version"], "to": "dynamic"},
    {"do": "remove", "path": ["tool", "hatch", "build"]},
    {"do": "remove", "path": ["tool", "absent", "build"]},
]
EDITS[1]["value"] = ["version"]


def test_pyproject_keeps_comments_order_and_place():
    added = {"tool": {"setuptools_scm": {"version_file": "x", "tag": {"a": 1}}}}
    plan = {**PLAN, "pyproject": EDITS, "added": added}
    plan["removed"] = ["tool.hatch.build"]
    assert (
        edit.edit_pyproject(OLD, plan)
        == """\
# The build
[build-system]
requires = ["a", "b"] # no other
build-backend = "hatchling.build"

[project]
name = "demo"
dynamic = ["version"] # by hand
license = "MIT"

# Hatch's own

[tool.setuptools_scm]
version_file = "x"

[tool.setuptools_scm.tag]
a = 1

[tool.ruff]
line-length = 80
"""
    )


def test_new_tables_come_last_where_no_old_one_was():
    plan = {**PLAN, "added": {"tool": {"new": {"long": ["x" * 40] * 2}}}}
    text = edit.edit_pyproject("a = 1\n", plan)
    assert text.startswith("a = 1\n\n[tool.new]\nlong = [\n    ")


def test_lists_change_item_by_item():
    change = {"do": "change", "path": ["p", "list"]}
    change.update(removed=["b"], added=["c", "a"])
    other = {
        "do": "change",
        "path": ["p", "new"],
        "removed": [],
        "added": ["x"],
    }
    text = '[p]\nlist = [\n  "a", # first\n  "b",\n]\n'
    after = edit.edit_pyproject(text, {**PLAN, "pyproject": [change, other]})
    assert '"a", # first\n' in after
    assert '"b"' not in after
    assert '"c"' in after
    assert 'new = ["x"]' in after


def test_new_keys_stay_in_their_table_and_before_what_is_said_of_the_next():
    text = '[project]\nname = "demo" # it\n\n# Hatch\n[tool.hatch]\na = 1\n'
    edits = [
        {"do": "set", "path": ["project", "readme"], "value": "R"},
        {"do": "change", "path": ["project", "dynamic"], "removed": []},
        {"do": "remove", "path": ["tool", "hatch"]},
    ]
    edits[1]["added"] = ["version"]
    added = {"tool": {"new": {"b": 2}}}
    plan = {**PLAN, "pyproject": edits, "added": added}
    for removed in [], ["tool.hatch"]:
        after = edit.edit_pyproject(text, {**plan, "removed": removed})
        assert tomlkit.parse(after).unwrap() == {
            "project": {"name": "demo", "readme": "R", "dynamic": ["version"]},
            **added,
        }
        assert after.index('["version"]') < after.index("# Hatch")


def test_a_key_is_added_to_a_table_that_has_none_of_its_own():
    text = '[project.urls]\na = "b"\n'
    change = {"do": "set", "path": ["project", "name"], "value": "demo"}
    after = edit.edit_pyproject(text, {**PLAN, "pyproject": [change]})
    assert tomlkit.parse(after).unwrap() == {
        "project": {"name": "demo", "urls": {"a": "b"}}
    }


def test_a_table_that_is_written_in_two_places_keeps_its_keys():
    text = (
        '[project]\nversion = "1"\n[tool.x]\na = 1\n[project.urls]\nb = "c"\n'
    )
    after = edit.edit_pyproject(text, {**PLAN, "pyproject": EDITS[1:2]})
    assert after.startswith('[project]\ndynamic = ["version"]\n')
    assert '[project.urls]\nb = "c"' in after


def test_people_are_written_on_a_line():
    table = {"authors": [{"name": "Ada"}], "license": {"text": "MIT"}}
    after = edit.edit_pyproject("", {**PLAN, "added": {"project": table}})
    assert 'authors = [{name = "Ada"}]' in after
    assert 'license = {text = "MIT"}' in after


def test_edits_are_written_and_told(tmp_path, capsys, monkeypatch):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    (source / "pyproject.toml").write_text("a = 1\n")
    (source / "demo.py").write_bytes(b'v = "1"\r\nw = "1"\r\n')
    (source / "demo.py").chmod(0o755)
    (source / "setup.cfg").write_text("[metadata]\na = b\n[flake8]\nc = d\n")
    (source / ".gitignore").write_text("x")
    plan = {
        **PLAN,
        "texts": [
            {"path": "demo.py", "start": 0, "end": 7, "text": "import v"},
            {"path": "demo.py", "start": 9, "end": 16, "text": "import w"},
        ],
        "appended": [
            {"path": ".gitignore", "lines": ["x", "/y"]},
            {"path": "MANIFEST.in", "lines": ["prune docs"]},
        ],
        "sections": [{"path": "setup.cfg", "begin": ["metadata", "options"]}],
        "deleted": ["gone.py"],
    }
    stdin = tmp_path / "stdin"
    stdin.write_text(json.dumps(plan))
    with stdin.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        edit.main(["--source", str(source), "--out", str(out)])
    changed = [".gitignore", "MANIFEST.in", "demo.py", "setup.cfg"]
    told = json.loads(capsys.readouterr().out)
    assert told == {"changed": changed, "deleted": ["gone.py"]}
    assert (out / "demo.py").read_bytes() == b"import v\r\nimport w\r\n"
    assert (out / "demo.py").stat().st_mode & 0o111
    assert (out / "setup.cfg").read_text() == "[flake8]\nc = d\n"
    assert (out / ".gitignore").read_text() == "x\n/y\n"
    assert (out / "MANIFEST.in").read_text() == "prune docs\n"
    assert edit.append("x\n", ["x"]) == "x\n"


def test_versions_are_found_where_they_stand(repository):
    root = repository.root
    repository.commit(
        {
            "demo/__init__.py": '"Ä"; __version__ = "0.9"\nA = B = "1.0"\n',
            "demo/_version.py": "version: str = '1.0'\nx = (1, 0)\n",
            "demo/other/_version.py": "import os\n",
            "broken.py": "def",
            "docs.cfg": "release = 1.0\nversion = 1.0.1\nnone = 1.0\n",
            "binary.cfg": "version 1.0\0",
            "Makefile": "x:\n\tbump2version patch\n",
            "demo/none.py": "a.b = '1.0'\nc = d = 1\n",
        }
    )
    paths = [entry["path"] for entry in survey.tracked_files(root)]
    found = versions.literals(root, paths, "1.0")
    assert [(it["path"], it["names"], it["value"]) for it in found] == [
        ("demo/__init__.py", ["__version__"], "0.9"),
        ("demo/__init__.py", ["A", "B"], "1.0"),
        ("demo/_version.py", ["version"], "1.0"),
    ]
    text = (root / "demo/__init__.py").read_text()
    assert text[found[0]["start"] : found[0]["end"]] == '__version__ = "0.9"'
    assert versions.only_assigns(root, paths) == ["demo/_version.py"]
    assert {"path": "docs.cfg", "line": 1} in versions.mentions(
        root, paths, "1.0"
    )
    assert {"path": "docs.cfg", "line": 2} not in versions.mentions(
        root, paths, "1.0"
    )
    assert versions.bumps(root, paths) == [
        {"path": "Makefile", "line": 2, "text": "bump2version patch"}
    ]


def test_a_survey_has_files_metadata_and_licences(
    repository, make_sdist, make_wheel, tmp_path, capsys
):
    repository.commit({"README.md": "# Demo  \n", "run.sh": "", "o.md": "o"})
    make_sdist()
    make_wheel(
        {"demo/__init__.py": "", "demo-1.0.data/data/share/a": "a"},
        fields=["author-email: a@example.org"],
        info={
            "demo-1.0.dist-info/licenses/LICENSE": "MIT",
            "demo-1.0.dist-info/entry_points.txt": "[console_scripts]\na = b:c",
        },
    )
    arguments = ["--source", str(repository.root)]
    survey.main([*arguments, "--before", str(tmp_path / "dist")])
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == "1.0"
    assert found["readme"] == "README.md"
    wheel = found["wheel"]
    assert [file["path"] for file in wheel["files"]] == ["demo/__init__.py"]
    assert [file["path"] for file in wheel["data"]] == ["data/share/a"]
    assert [file["path"] for file in wheel["licences"]] == ["LICENSE"]
    assert wheel["fields"]["Author-email"] == ["a@example.org"]
    assert wheel["entryPoints"] == {"console_scripts": {"a": "b:c"}}
    assert survey.readme(repository.root, ["o.md"], "another") is None
    assert survey.readme(repository.root, ["o.md"], " ") is None


def test_a_survey_says_which_patterns_fit_no_file(
    repository, make_sdist, make_wheel, tmp_path
):
    repository.commit({"src/demo/__init__.py": "", "docs/a/b.md": ""})
    make_sdist()
    make_wheel({"demo/__init__.py": "", "demo/made.json": ""})
    patterns = ["*.mo", "demo/made.json", "/docs", "/b.md", "src/**/*.py"]
    found = survey.survey(repository.root, tmp_path / "dist", patterns)
    assert found["idle"] == ["*.mo", "/b.md"]
    assert survey.survey(repository.root, tmp_path / "dist")["idle"] == []


@pytest.fixture
def compared(make_sdist, make_wheel, tmp_path):
    """Differences of two wheels, by kind and name."""

    def run(before, after):
        for name, named in (("before", before), ("after", after)):
            make_sdist(named.get("sdist"))
            make_wheel(
                **{key: it for key, it in named.items() if key != "sdist"}
            )
            (tmp_path / "dist").rename(tmp_path / name)
        found = compare.compare(tmp_path / "before", tmp_path / "after")
        return {
            (it["in"], it["kind"], it["name"]) for it in found["differences"]
        }

    return run


def test_files_are_compared_one_by_one(compared):
    before = {
        "files": {"demo/a.py": "1", "demo/b.py": "1", "demo-1.0.data/x/y": ""},
        "sdist": {"a": "1"},
    }
    after = {
        "files": {"demo/a.py": "2", "demo/c.py": "1"},
        "sdist": {"a": "1", "b": "1"},
        "info": {"demo-1.0.dist-info/top_level.txt": "demo"},
    }
    assert compared(before, after) == {
        ("wheel", "changed", "demo/a.py"),
        ("wheel", "lost", "demo/b.py"),
        ("wheel", "added", "demo/c.py"),
        ("wheel", "lost", ".data/x/y"),
        ("wheel", "added", ".dist-info/top_level.txt"),
        ("sdist", "added", "b"),
    }


def test_spellings_are_told_from_other_values(compared):
    before = [
        "Requires-Dist: A_b (>=1)",
        "Requires-Python: >=3.9,<4",
        "Keywords: a,b",
        "Project-URL: home, x",
        "Summary: one",
    ]
    after = [
        "Requires-Dist: a-b>=1",
        "Requires-Python: <4,>=3.9",
        "Keywords: b, a",
        "Project-URL: Home, x",
        "Summary: two",
    ]
    names = ["Keywords", "Project-URL", "Requires-Dist", "Requires-Python"]
    assert compared({"fields": before}, {"fields": after}) == {
        *(("wheel", "spelling", name) for name in names),
        ("wheel", "field", "Summary"),
    }
    assert compare.requirement("no requirement !") == "no requirement !"
    assert compare.specifiers("!") == "!"
    assert compare.content_type("text/x; charset=UTF-8") == "text/x"


# Every field of core metadata 2.5, and of its forms before.
FIELDS = [
    "Metadata-Version",
    "Name",
    "Version",
    "Dynamic",
    "Platform",
    "Supported-Platform",
    "Summary",
    "Description",
    "Description-Content-Type",
    "Keywords",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "License-File",
    "Classifier",
    "Requires-Dist",
    "Requires-Python",
    "Requires-External",
    "Project-URL",
    "Provides-Extra",
    "Import-Name",
    "Import-Namespace",
    "Provides-Dist",
    "Obsoletes-Dist",
    "Home-page",
    "Download-URL",
    "Requires",
    "Provides",
    "Obsoletes",
]


def test_fields_are_all_that_the_specification_has():
    # The table of a library that reads each of them.
    assert set(FIELDS) >= {
        survey.field_name(name) for name in _EMAIL_TO_RAW_MAPPING
    }


@pytest.mark.parametrize("name", FIELDS)
def test_a_lost_field_is_a_difference(compared, name):
    before = [f"{name}: lost"]
    assert compared({"fields": before}, {}) == {("wheel", "field", name)}


def test_a_field_that_the_sdist_alone_loses_is_a_difference(
    make_sdist, make_wheel, tmp_path
):
    for folder, fields in (("before", ["Platform: any"]), ("after", [])):
        make_sdist(fields=fields)
        make_wheel()
        (tmp_path / "dist").rename(tmp_path / folder)
    found = compare.compare(tmp_path / "before", tmp_path / "after")
    assert found["differences"] == [
        {
            **{"in": "sdist", "kind": "field", "name": "Platform"},
            **{"before": ["any"], "after": []},
        }
    ]


def test_entry_points_are_compared_by_what_they_call(compared):
    points = "demo-1.0.dist-info/entry_points.txt"
    before = {"info": {points: "[console_scripts]\na = b:c\nd=e:f"}}
    after = {"info": {points: "[console_scripts]\na=b:c\n"}}
    name = "[console_scripts] d"
    assert compared(before, after) == {("wheel", "field", name)}


def test_the_way_back_keeps_what_came_after(repository, tmp_path):
    root = repository.root
    repository.commit({"pyproject.toml": "1"})
    repository.commit({"other": "x"})
    repository.commit({"pyproject.toml": "2"})
    states = [state["pyproject"] for state in undo.history(root)]
    assert states == ["2", "1"]
    before, after = b"a\nb\nc\nd\n", b"a\nB\nc\nd\n"
    assert undo.undone(after, after, before, tmp_path) == (before, True)
    later = b"a\nB\nc\nD\n"
    assert undo.undone(later, after, before, tmp_path) == (
        b"a\nb\nc\nD\n",
        True,
    )
    other = b"a\nX\nc\nd\n"
    assert undo.undone(other, after, before, tmp_path) == (None, False)
    assert undo.undone(b"x\n\n", b"x\n", None, tmp_path) == (None, True)
    assert undo.undone(b"x\ny\n", b"x\n", None, tmp_path) == (b"y\n", True)
    assert undo.undone(b"y\n", b"x\n", None, tmp_path) == (b"y\n", True)
    own = b"[a]\nx = 1\n"
    twice = own + b"\n[b]\nx = 1\n"
    rest = b"\n[b]\nx = 1\n"
    assert undo.undone(twice, own, None, tmp_path) == (rest, True)
    changed = b"[a]\nx = 2\n"
    assert undo.undone(changed, own, None, tmp_path) == (None, False)


def test_a_state_without_pyproject_is_one_to_go_back_to(repository):
    root = repository.root
    repository.commit({"other": "x"})
    assert undo.history(root) == []
    repository.commit({"setup.cfg": "[metadata]"})
    first = {"commit": repository.git("rev-parse", "HEAD"), "pyproject": ""}
    assert undo.history(root) == [first]
    repository.commit({"pyproject.toml": "1"})
    assert [it["pyproject"] for it in undo.history(root)] == ["1", ""]
    assert undo.history(root)[1] == first


def test_merging_writes_deletes_and_refuses(tmp_path, monkeypatch, capsys):
    folders = {name: tmp_path / name for name in ("before", "after", "now")}
    for folder in folders.values():
        folder.mkdir()
    for name, files in {
        "before": {"a": "1", "_version.py": "v"},
        "after": {"a": "2", "new": "x"},
        "now": {"a": "2", "new": "x", "_version.py": "made"},
    }.items():
        for file, text in files.items():
            (folders[name] / file).write_text(text)
    arguments = [f"--{name}={folder}" for name, folder in folders.items()]
    arguments = ["merge", *arguments, f"--out={tmp_path / 'out'}"]
    edited = tmp_path / "edited"
    edited.write_text('{"changed": ["a", "new"], "deleted": ["_version.py"]}')

    def run():
        with edited.open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            undo.main(arguments)
        return json.loads(capsys.readouterr().out)

    told = {"changed": ["a", "_version.py"], "deleted": ["new"]}
    assert run() == told
    assert (tmp_path / "out" / "_version.py").read_text() == "v"
    (folders["now"] / "a").write_text("3")
    with pytest.raises(SystemExit):
        run()
    assert "changed again in a" in capsys.readouterr().out
