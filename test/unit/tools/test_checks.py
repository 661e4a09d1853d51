"""checks/ and verify.py: each check has a fault it finds, and a near miss."""

import json

import pytest
from conftest import METADATA

import verify
from archives import read_distribution, sha256
from checks import CHECKS, files
from checks.finding import Check, Note, listed


def test_a_sound_distribution_passes_every_check(
    make_sdist, make_wheel, repository, tmp_path, capsys
):
    files = {"demo/__init__.py": "x = 1\n", "pyproject.toml": ""}
    repository.commit(files)
    make_sdist({**files, "demo/_version.py": "'1.0'"})
    make_wheel({"demo/__init__.py": "x = 1\n", "demo/_version.py": "'1.0'"})
    dist, root = str(tmp_path / "dist"), str(repository.root)
    verify.main(["--dist", dist, "--project", root])
    report = json.loads(capsys.readouterr().out)
    assert [c["id"] for c in report["checks"]] == [c.id for c in CHECKS]
    assert [c["problems"] for c in report["checks"] if c["problems"]] == []
    assert {file["kind"] for file in report["files"]} == {"sdist", "wheel"}
    assert set(report["versions"].values()) == {"1.0"}
    assert len(report["versions"]) == 4


def test_complete_wants_a_file_and_one_sdist_at_most(findings, make_sdist):
    assert findings("complete")[0]
    make_sdist()
    assert findings("complete") == ([], [])
    make_sdist(version="1.1")
    [problem] = findings("complete")[0]
    assert "demo-1.0.tar.gz, demo-1.1.tar.gz" in problem


def test_recorded_compares_with_the_manifest(findings, make_sdist, tmp_path):
    path = make_sdist()
    assert findings("recorded")[0] == []
    assert "no pypi-deploy.json" in findings("recorded")[1][0]
    manifest = tmp_path / "dist/pypi-deploy.json"
    manifest.write_text('{"files": []}')
    assert "is not in pypi-deploy.json" in findings("recorded")[1][0]
    right = sha256(path.read_bytes())
    for digest, problems in ((right, 0), ("0" * 64, 1)):
        files = [{"name": path.name, "sha256": digest}]
        manifest.write_text(json.dumps({"files": files}))
        assert len(findings("recorded")[0]) == problems
    manifest.write_text("no JSON")
    assert "JSONDecodeError" in findings("recorded")[0][0]


MANYLINUX = "cp311-cp311-manylinux_2_28_x86_64"


@pytest.mark.parametrize(
    ("missing", "lost"),
    [
        ("demo-1.0-py3-none-any.whl", True),
        ("demo-1.0.tar.gz", True),
        ("demo-1.0-cp311-cp311-linux_x86_64.whl", False),
        ("demo-1.0-cp312-cp312-linux_x86_64.whl", True),
    ],
)
def test_recorded_files_are_there_or_repaired(
    findings, make_wheel, tmp_path, missing, lost
):
    path = make_wheel(tags=MANYLINUX)
    files = [
        {"name": path.name, "sha256": sha256(path.read_bytes())},
        {"name": missing, "sha256": "0" * 64},
    ]
    manifest = tmp_path / "dist/pypi-deploy.json"
    manifest.write_text(json.dumps({"files": files}))
    problems = findings("recorded")[0]
    assert [missing in problem for problem in problems] == [True] * lost


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("demo-2.0.tar.gz", "says 2.0, its metadata 1.0"),
        ("other-1.0.tar.gz", "is of other, not of demo"),
        ("Demo-1.0.tar.gz", "should start with demo-1.0"),
        ("demo-one.tar.gz", "demo-one"),
    ],
)
def test_names_of_files_spell_the_metadata(findings, make_sdist, file, reason):
    make_sdist(file=file)
    problems, _ = findings("names")
    assert any(reason in problem for problem in problems)


def test_names_may_be_normalised(findings, make_sdist, make_wheel):
    metadata = METADATA.format(name="Demo.Pkg", version="1.0")
    make_sdist({"PKG-INFO": metadata}, name="demo_pkg")
    make_wheel(
        {"demo.py": "", "demo_pkg-1.0.dist-info/METADATA": metadata},
        file="other-1.0-py3-none-any.whl",
        name="other",
    ).unlink()
    assert findings("names") == ([], [])


def test_contents_are_what_check_wheel_contents_says(findings, make_wheel):
    make_wheel({"demo/__init__.py": "", "tests/__init__.py": ""})
    problems, _ = findings("contents")
    assert any(
        "W005" in problem and "tests/" in problem for problem in problems
    )


def test_contents_may_have_equal_files(findings, make_wheel):
    files = {"demo/a.py": "same\n", "demo/b.py": "same\n"}
    make_wheel({"demo/__init__.py": "", **files})
    problems, [note] = findings("contents")
    assert problems == []
    assert "W002" in note


def test_contents_may_be_several_packages(findings, make_wheel):
    make_wheel({"attr/__init__.py": "", "attrs/__init__.py": "#"})
    problems, [note] = findings("contents")
    assert problems == []
    assert "W009" in note


@pytest.mark.parametrize(
    ("path", "stray"), [("NOTES.md", True), ("demo_v.pyi", False)]
)
def test_contents_at_the_top(findings, make_wheel, path, stray):
    make_wheel({"demo/__init__.py": "", path: "x"})
    problems, _ = findings("contents")
    assert ["W003" in it for it in problems] == [True] * stray


def test_contents_honour_the_projects_configuration(
    findings, make_wheel, repository
):
    repository.commit(
        {"pyproject.toml": '[tool.check-wheel-contents]\nignore = ["W005"]'}
    )
    make_wheel({"tests/__init__.py": ""})
    assert findings("contents", repository.root)[0] == []


def test_sdist_without_a_source_is_a_note(findings, make_sdist):
    make_sdist()
    assert findings("sdist")[0] == []
    assert "no source" in findings("sdist")[1][0]


def test_sdist_must_have_the_package(
    findings, make_sdist, make_wheel, repository
):
    kept, lost = {"src/demo/__init__.py": ""}, {"src/demo/data.txt": ""}
    repository.commit({**kept, **lost, "docs/a.md": ""})
    make_sdist({**kept, "extra.txt": "", "src/demo/_version.py": ""})
    make_wheel()
    [problem], notes = findings("sdist", repository.root)
    assert "lacks src/demo/data.txt" in problem
    assert "leaves out docs/a.md" in notes[0]
    assert "has extra.txt, which git does not track" in notes[1]


@pytest.mark.parametrize("root", ["lib", "python/lib", "lib/ns"])
def test_sdist_must_have_the_package_of_any_root(
    findings, make_sdist, make_wheel, repository, root
):
    kept = {f"{root}/demo/__init__.py": "", f"{root}/demo/a.py": ""}
    repository.commit({**kept, f"{root}/demo/b.py": "", "docs/a.py": ""})
    make_sdist(kept)
    inner = "ns/demo" if root.endswith("ns") else "demo"
    make_wheel({f"{inner}/__init__.py": "", f"{inner}/a.py": ""})
    [problem], [note] = findings("sdist", repository.root)
    assert f"lacks {root}/demo/b.py, which git tracks" in problem
    assert "leaves out docs/a.py" in note


@pytest.mark.parametrize("lost", ["b.py", "py.typed"])
@pytest.mark.parametrize("package", ["demo", "ns/demo", "ns/x/demo"])
def test_wheel_must_have_the_packages_files(
    findings, make_sdist, make_wheel, package, lost
):
    kept = {f"{package}/a.py": "", f"{package}/__init__.py": ""}
    files = {f"src/{path}": "" for path in [*kept, f"{package}/{lost}"]}
    make_sdist({**files, "tests/demo/c.py": ""})
    make_wheel(kept)
    [problem], notes = findings("wheel")
    assert f"lacks src/{package}/{lost}, which demo-1.0.tar.gz" in problem
    assert notes == []


def test_what_uv_build_keeps_of_pyproject_is_no_leftover(
    findings, make_sdist, repository
):
    repository.commit({"pyproject.toml": ""})
    make_sdist({"pyproject.toml": "", "pyproject.toml.orig": ""})
    assert findings("leftovers", repository.root) == ([], [])
    assert findings("sdist", repository.root) == ([], [])


def test_sdist_must_have_gits_bytes(findings, make_sdist, repository):
    files = {"a.py": "1", "_version.py": "1", "README": "1"}
    repository.commit(files)
    make_sdist(dict.fromkeys(files, "2"))
    [problem], [note] = findings("sdist", repository.root)
    assert problem.endswith("other bytes than git in a.py")
    assert note.endswith("in README, _version.py")


def test_wheel_must_have_the_sdists_code(findings, make_sdist, make_wheel):
    make_sdist({"src/demo/a.py": "1", "src/demo/b.py": "1"})
    make_wheel(
        {"demo/a.py": "1", "demo/b.py": "2", "demo/c.py": "", "x.so": ""}
    )
    problems, _ = findings("wheel")
    assert "has demo/c.py, which demo-1.0.tar.gz has not" in problems[0]
    assert problems[1].endswith("than demo-1.0.tar.gz in demo/b.py")


def test_wheel_may_have_another_version_file(findings, make_sdist, make_wheel):
    make_sdist({"demo/_version.py": "commit = 'g1'"})
    make_wheel({"demo/_version.py": "commit = None"})
    problems, [note] = findings("wheel")
    assert problems == []
    assert "demo/_version.py" in note


def test_sizes_have_limits(findings, make_wheel, monkeypatch):
    path = make_wheel()
    size = path.stat().st_size
    monkeypatch.setattr(files, "LARGEST_FILE", size)
    assert findings("sizes") == ([], [])
    monkeypatch.setattr(files, "LARGEST_FILE", size - 1)
    [problem] = findings("sizes")[0]
    assert f"has {size} bytes" in problem


def test_sizes_of_an_empty_wheel_are_a_problem(findings, make_wheel):
    make_wheel({})
    assert findings("sizes")[0] == [
        "demo-1.0-py3-none-any.whl installs nothing"
    ]


def test_long_lists_are_cut():
    assert listed("gfedcba", 3) == "a, b, c and 4 more"
    assert listed("ba") == "a, b"


def test_the_version_of_an_unreadable_file_is_its_names(make_wheel, tmp_path):
    make_wheel().write_bytes(b"no zip")
    dist = read_distribution(tmp_path / "dist")
    assert verify.stated_versions(dist) == {
        "name of demo-1.0-py3-none-any.whl": "1.0"
    }


def test_metadata_that_is_missing_states_no_version(make_sdist, tmp_path):
    make_sdist({"PKG-INFO": ""})
    versions = verify.stated_versions(read_distribution(tmp_path / "dist"))
    assert versions["metadata of demo-1.0.tar.gz"] == ""


def test_a_note_is_no_problem():
    check = Check("x", "y", lambda _: iter([Note("fine")]))
    found = verify.run_check(check, None)
    assert (found["problems"], found["notes"]) == ([], ["fine"])
