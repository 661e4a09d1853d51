"""migration/: what a project is made of, its edits, and their proof."""

import json
import shutil
import sys
import tarfile

import pytest
import tomlkit
from packaging.metadata import _EMAIL_TO_RAW_MAPPING

import archives
from migration import compare, edit, survey, text, undo, versions

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


def test_a_table_on_one_line_is_opened_where_tables_are_added():
    text = "build = { a = 1 }\ntool = { hatch = { b = 1 }, ruff = { c = 2 } }\n"
    plan = {**PLAN, "added": {"tool": {"new": {"d": [{"e": 3}]}}}}
    plan["pyproject"] = [{"do": "remove", "path": ["tool", "hatch"]}]
    after = edit.edit_pyproject(text, {**plan, "removed": ["tool.hatch"]})
    assert after.startswith("build = { a = 1 }\n")
    assert tomlkit.parse(after).unwrap() == {
        "build": {"a": 1},
        "tool": {"ruff": {"c": 2}, "new": {"d": [{"e": 3}]}},
    }


def test_lines_that_end_as_on_windows_go_on_so():
    plan = {**PLAN, "pyproject": EDITS[:2], "added": {"x": {"y": 1}}}
    after = edit.in_lines(edit.edit_pyproject, OLD.replace("\n", "\r\n"), plan)
    assert after.count("\n") == after.count("\r\n")
    assert after.replace("\r\n", "\n") == edit.edit_pyproject(OLD, plan)
    assert edit.in_lines(edit.append, "a\r\n", ["b"]) == "a\r\nb\r\n"
    assert edit.in_lines(edit.append, "a\r\nb\n", ["c"]) == "a\r\nb\nc\n"


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
            "demo/_version.py": "version: str = '1.0'\n",
            "broken.py": "def",
            "docs.cfg": "release = 1.0\nversion = 1.0.1\nnone = 1.0\n",
            "binary.cfg": "version 1.0\0",
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
    assert versions.mentions(root, paths, "1.0") == [
        {"path": "demo/_version.py", "line": 1},
        {"path": "docs.cfg", "line": 1},
    ]


# Modules as they are written, whatever ends their lines or encodes them.
MODULES = [
    b'"Doc."\r\nimport os\r\n__version__ = "1.0"\r\nX = 1\r\n',
    b'"Doc."\rimport os\r__version__ = "1.0"\rX = 1\r',
    b'"A"\n\x0c\n\x0cY = 1\n__version__ = "1.0"\nX = 1\n',
    '"A\x85B\u2028C\x1c"\n__version__ = "1.0"\nX = 1\n'.encode(),
    b'\xef\xbb\xbf__version__ = "1.0"\nX = 1\n',
    b'# coding: latin-1\nN = "Jos\xe9"; __version__ = "1.0"; M = "\xe9"\n',
]


@pytest.mark.parametrize("content", MODULES)
def test_a_version_is_replaced_byte_by_byte(tmp_path, content):
    (tmp_path / "demo.py").write_bytes(content)
    [found] = versions.literals(tmp_path, ["demo.py"], "1.0")
    new = "from a import v\nw = v"
    changed = {key: found[key] for key in ("path", "start", "end")}
    plan = {**PLAN, "texts": [{**changed, "text": new}]}
    edit.edit(tmp_path, tmp_path / "out", plan)
    end = (
        b"\r\n" if b"\r\n" in content else b"\r" if b"\r" in content else b"\n"
    )
    expected = content.replace(
        b'__version__ = "1.0"', new.encode().replace(b"\n", end)
    )
    assert (tmp_path / "out" / "demo.py").read_bytes() == expected


def test_a_module_that_cannot_be_read_is_left_alone(tmp_path):
    content = b'__version__ = "1.0"\nN = "Jos\xe9"\n'
    for name, start in {"a": b"", "b": b"# coding: klingon\n"}.items():
        (tmp_path / f"{name}.py").write_bytes(start + content)
    assert versions.literals(tmp_path, ["a.py", "b.py"], "1.0") == []
    assert versions.mentions(tmp_path, ["a.py"], "1.0") == [
        {"path": "a.py", "line": 1}
    ]
    assert (
        text.read(tmp_path / "a.py").encode("utf-8", "surrogateescape")
        == content
    )


def test_an_edit_that_breaks_a_module_is_refused(tmp_path, capsys):
    (tmp_path / "demo.py").write_text('v = "1"\n')
    (tmp_path / "odd.py").write_text("{{ odd }} {{\n")
    edits = [
        {"path": "demo.py", "start": 0, "end": 6, "text": "import v"},
        {"path": "odd.py", "start": 0, "end": 0, "text": "# "},
    ]
    with pytest.raises(SystemExit):
        edit.edit(tmp_path, tmp_path / "out", {**PLAN, "texts": edits})
    error = json.loads(capsys.readouterr().out)["error"]
    assert error.startswith("The edits would break demo.py (")
    assert "odd.py" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "anew"),
    [
        ("__version__ = version = '1.0'", True),
        ('"""Doc."""\nversion: str = "1.0"\n__version__ = version', True),
        ("version: str\nversion_tuple: tuple\n", True),
        ("__all__ = ['version']\nversion = '1'", True),
        ("__version_tuple__ = version_tuple = (1, 0)", True),
        ("__version__ = '1'\n__title__ = 'demo'", False),
        ("VERSION = '1'", False),
        ("version = (1, 0)", False),
        ("version_tuple = '1.0'", False),
        ("__version__ = other", False),
        ("version = [1, 0]", False),
        ("__version__ = 1", False),
        ("import os", False),
        ("a.b = '1'", False),
        ("main()", False),
    ],
)
def test_modules_that_are_written_anew_have_nothing_else(
    tmp_path, content, anew
):
    (tmp_path / "_version.py").write_text(content)
    found = versions.only_versions(tmp_path, ["_version.py", "other.py"])
    assert found == (["_version.py"] if anew else [])


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("demo/VERSION", "1.2.0\n", 1),
        ("demo/VERSION", "v1.2.0", 1),
        ("demo/version.txt", "1.2.0 and more\n", None),
        ("demo/version.txt", "1.2.1", None),
        ("demo/data", "1.2.0", None),
        ("a.py", "VERSION = (1, 2, 0)", 1),
        ("a.py", "VERSION = (1, 2)", 1),
        ("a.py", "version_info: tuple = (1, 2, 0, '', '')", 1),
        ("a.py", "version_info = Info(1, 2, 0, 'final')", 1),
        ("a.py", "VERSION = [1, 2, 0, 0]", 1),
        ("a.py", "VERSION = (1, 2, 0, 7)", None),
        ("a.py", "VERSION = (1,)", None),
        ("a.py", "VERSION = (1, 3)", None),
        ("a.py", "NUMBERS = (1, 2, 0)", None),
        ("a.py", "X = 1\n__version__ = '.'.join(map(str, X))", 2),
        ("a.py", "__version__ = f'{A}.{B}'", 1),
        ("a.py", "__version__ = '%d.%d' % X", 1),
        ("a.py", "V = VERSION = (1, 2, 0)\n__version__ = '.'.join(V)", 1),
        ("a.py", "__version__ = metadata.version('demo')", None),
        ("a.py", "__version__ = 1", None),
        ("a.py", "__version__: str", None),
        ("a.py", "class A:\n    version = '1.2.0'", 2),
        ("a.py", "#: .. versionchanged:: 1.2.0", None),
        ("a.py", "#: New in version 1.2.0: this", None),
        ("a.py", "#: Deprecated since release 1.2.0", None),
        ("a.py", "'\x0c\x1c'\n#: since then, version 1.2.0", 2),
    ],
)
def test_what_goes_stale_is_told(tmp_path, name, content, line):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    found = versions.mentions(tmp_path, [name], "1.2.0")
    assert found == ([] if line is None else [{"path": name, "line": line}])


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("Makefile", "\tbump2version patch", True),
        ("tox.ini", "commands = bumpversion {posargs}", True),
        ("pyproject.toml", "[[tool.tbump.file]]", True),
        ("pyproject.toml", "[tool.semantic_release]", True),
        ("pyproject.toml", "[tool.semantic_release.branches.main]", False),
        ("pyproject.toml", 'ignore = ["tbump.toml", "conftest.py"]', False),
        ("pyproject.toml", 'exclude = [".bumpversion.cfg"]', False),
        ("pyproject.toml", 'version = "1" # LET bump2version DO IT', False),
        ("ci.yml", "# bump2version did it", False),
        ("ci.yml", "- uses: googleapis/release-please-action@v4", True),
        ("ci.yml", "  release-type: python", True),
        ("ci.yml", "  release-please:", False),
        ("release-please-config.json", '"release-type": "python",', True),
        ("demo.py", '__version__ = "1" # x-release-please-version', True),
        ("README.md", "<!-- x-release-please-start-version -->", True),
        ("demo.py", "bump2version patch", False),
        ("data.bin", "bump2version patch", False),
    ],
)
def test_what_writes_a_version_is_told(tmp_path, name, line, told):
    (tmp_path / name).write_text(f"\n{line}\n")
    where = {"path": name, "line": 2, "text": line.strip()}
    assert versions.bumps(tmp_path, [name]) == ([where] if told else [])


def test_tables_of_one_tool_are_told_once(tmp_path):
    tables = "[tool.tbump.git]\n[[tool.tbump.file]]\n[tool.bumpver]\n"
    (tmp_path / "pyproject.toml").write_text(tables)
    found = versions.bumps(tmp_path, ["pyproject.toml"])
    assert [it["line"] for it in found] == [1, 3]


def test_a_comment_on_who_writes_the_version_goes_with_it():
    old = '[project]\nversion = "1" # LET bump2version DO IT\n'
    after = edit.edit_pyproject(old, {**PLAN, "pyproject": EDITS[1:2]})
    assert after == '[project]\ndynamic = ["version"]\n'
    here = {"start": 0, "end": 5, "text": "import v"}
    for comment, left in {" # by hand": " # by hand", "  # tbump": ""}.items():
        module = f"v = 1{comment}\r\nx = 2\r\n"
        expected = f"import v{left}\r\nx = 2\r\n"
        assert edit.edit_texts(module, [here]) == expected


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
            make_sdist(named.get("sdist"), links=named.get("links", {}))
            own = {"sdist", "links"}
            make_wheel(
                **{key: it for key, it in named.items() if key not in own}
            )
            shutil.rmtree(tmp_path / name, ignore_errors=True)
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


def test_modules_that_break_or_lose_names_are_told(compared):
    lost = "import os\nTITLE = 1\n_A: int = 2\nX: int\n\nclass C:\n    D = 1\n"
    before = {
        "demo/a.py": "1",
        "demo/b.py": "def",
        "demo/c.py": lost,
        "demo/d.py": "TYPE_CHECKING = False\nV = W = 1\ndef f():\n    pass\n",
        "demo/e.txt": "1",
    }
    after = {
        "demo/a.py": "def",
        "demo/b.py": "def f",
        "demo/c.py": "X = 1",
        "demo/d.py": "from v import V\nimport W\nfrom x import y as f\n",
        "demo/e.txt": "def",
        "demo/f.py": "def f(",
    }
    sdist = {"setup.py": "1", "odd.py": "{{ odd"}
    moved = {"setup.py": "def s", "src/odd.py": "{{ odd", "src/d.py": "2"}
    found = compared(
        {"files": before, "sdist": sdist}, {"files": after, "sdist": moved}
    )
    assert {it for it in found if it[1] in ("broken", "names")} == {
        ("wheel", "broken", "demo/a.py"),
        ("wheel", "names", "demo/c.py"),
        ("wheel", "broken", "demo/f.py"),
        ("sdist", "broken", "setup.py"),
    }


def test_links_of_an_sdist_are_the_files_they_lead_to(make_sdist):
    links = {
        "README.txt": "README.rst",
        "src/data": "../shared/",
        "first": "src/data/a",
        "src/itself": ".",
        "gone": "nowhere",
        "around": "around",
    }
    files = {"README.rst": "Hi", "shared/a": "1", "shared/b/c": "2"}
    path = make_sdist(files, links=links)
    sdist = archives.Sdist(path)
    assert "README.txt" not in sdist.hashes
    found = sdist.unpacked
    assert found["README.txt"] == found["README.rst"]
    assert found["src/data/b/c"] == found["shared/b/c"]
    assert found["first"] == found["shared/a"]
    assert not {"gone", "around"} & found.keys()
    hard = tarfile.TarInfo("demo-1.0/hard")
    hard.type, hard.linkname = tarfile.LNKTYPE, "demo-1.0/README.rst"
    assert archives.linked(hard) == ("hard", "README.rst")


def test_a_link_that_is_lost_is_a_difference(compared):
    before = {"sdist": {"a": "1"}, "links": {"b": "a"}}
    assert compared(before, {"sdist": {"a": "1"}}) == {("sdist", "lost", "b")}
    after = {"sdist": {"a": "1", "b": "1"}}
    assert compared(before, after) == set()


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
    assert compare.version("no version") == "no version"
    assert compare.specifiers("!") == "!"
    assert compare.content_type("text/x; charset=UTF-8") == "text/x"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "a; extra == 'x' and ( python_version>='3.8' and os_name=='b')",
            'a; (python_version >= "3.8" and os_name == "b") and extra == "x"',
            True,
        ),
        ("a; (os_name == 'b')", "a; os_name == 'b'", True),
        (
            "a; os_name == 'b' or os_name == 'c' and extra == 'x'",
            "a; (extra == 'x' and os_name == 'c') or os_name == 'b'",
            True,
        ),
        (
            "a; os_name == 'b' or os_name == 'c' and extra == 'x'",
            "a; (os_name == 'b' or os_name == 'c') and extra == 'x'",
            False,
        ),
        ("a; os_name == 'b'", "a", False),
    ],
)
def test_a_marker_is_what_it_means(one, other, same):
    found = compare.requirement(one) == compare.requirement(other)
    assert found == same


def test_a_version_is_what_it_means_and_no_value_is_none(compared):
    before = {"replace": {"Version": "1.0.0-beta.2", "Summary": ""}}
    after = {"replace": {"Version": "1.0.0b2", "Summary": None}}
    assert compared(before, after) == {
        ("wheel", "spelling", "Version"),
        ("wheel", "spelling", "Summary"),
    }


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


def test_merging_writes_deletes_and_refuses(repository, monkeypatch, capsys):
    tmp_path = repository.root.parent
    folders = {name: tmp_path / name for name in ("before", "after")}
    folders["now"] = repository.root
    repository.commit({".gitignore": "/_version.py\n"})
    for name, files in {
        "before": {"a": "1", "setup.py": "1", "_version.py": "v"},
        "after": {"a": "2", "new": "x"},
        "now": {"a": "2", "new": "x", "_version.py": "made"},
    }.items():
        folders[name].mkdir(exist_ok=True)
        for file, content in files.items():
            (folders[name] / file).write_text(content)
    (folders["before"] / "setup.py").chmod(0o755)
    (folders["now"] / "a").chmod(0o755)
    arguments = [f"--{name}={folder}" for name, folder in folders.items()]
    arguments = ["merge", *arguments, f"--out={tmp_path / 'out'}"]
    edited = tmp_path / "edited"
    told = {"changed": ["a", "new"], "deleted": ["_version.py", "setup.py"]}
    edited.write_text(json.dumps(told))

    def run():
        with edited.open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            undo.main(arguments)
        return json.loads(capsys.readouterr().out)

    changed = ["a", "_version.py", "setup.py"]
    assert run() == {"changed": changed, "deleted": ["new"]}
    out = tmp_path / "out"
    assert (out / "_version.py").read_text() == "v"
    modes = {path: (out / path).stat().st_mode & 0o111 for path in changed}
    assert modes == {"a": 0o111, "_version.py": 0, "setup.py": 0o111}
    (folders["now"] / "setup.py").write_text("2")
    with pytest.raises(SystemExit):
        run()
    assert "deleted setup.py, and there is" in capsys.readouterr().out
    (folders["now"] / "setup.py").write_text("1")
    (folders["now"] / "a").write_text("3")
    with pytest.raises(SystemExit):
        run()
    assert "changed again in a" in capsys.readouterr().out
