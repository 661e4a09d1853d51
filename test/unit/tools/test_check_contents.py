"""What distributions lost on their way, and what they should not hold."""

import pytest

CODE = {"src/demo/__init__.py": "", "src/demo/a.py": "a", "src/demo/b.txt": "b"}


def installed(files):
    return {path.removeprefix("src/"): text for path, text in files.items()}


def without(files, *gone):
    return {path: text for path, text in files.items() if path not in gone}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("MANIFEST.in", "exclude src/demo/b.txt"),
        ("MANIFEST.in", "global-exclude *.md *.txt"),
        ("MANIFEST.in", "recursive-exclude src \\\n  *.txt"),
        ("MANIFEST.in", "prune src/demo"),
        (
            "pyproject.toml",
            '[tool.hatch.build.targets.sdist]\nexclude = ["/src/demo/b.txt"]',
        ),
        ("pyproject.toml", '[tool.hatch.build]\nexclude = ["*.txt"]'),
        ("pyproject.toml", '[tool.pdm.build]\nexcludes = ["src/**/*.txt"]'),
        ("pyproject.toml", '[tool.flit.sdist]\nexclude = ["src/demo/*.txt"]'),
        ("pyproject.toml", '[tool.poetry]\nexclude = [{path = "**/b.txt"}]'),
    ],
)
def test_sdist_may_lack_what_the_project_excludes(
    findings, make_sdist, make_wheel, repository, path, rule
):
    repository.commit({**CODE, path: rule})
    make_sdist({**without(CODE, "src/demo/b.txt"), path: rule})
    make_wheel(installed(without(CODE, "src/demo/b.txt")))
    problems, [note] = findings("sdist", repository.root)
    assert problems == []
    assert "leaves out src/demo/b.txt" in note


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("MANIFEST.in", "exclude b.txt\n# global-exclude *.txt\nprune demo"),
        ("MANIFEST.in", "include *.md\nrecursive-exclude tests *.txt"),
        ("pyproject.toml", '[tool.hatch.build]\nexclude = ["/b.txt", "*.md"]'),
        ("pyproject.toml", '[tool.other]\nexclude = ["*.txt"]'),
    ],
)
def test_sdist_may_not_lack_what_a_rule_leaves(
    findings, make_sdist, make_wheel, repository, path, rule
):
    repository.commit({**CODE, path: rule})
    make_sdist({**without(CODE, "src/demo/b.txt"), path: rule})
    make_wheel(installed(without(CODE, "src/demo/b.txt")))
    [problem], _ = findings("sdist", repository.root)
    assert "lacks src/demo/b.txt, which git tracks" in problem


@pytest.mark.parametrize(
    ("lost", "meant"),
    [("src/demo/a.py", False), ("src/demo/tests/test_a.py", True)],
)
def test_sdist_may_not_lose_a_module_by_a_rule(
    findings, make_sdist, make_wheel, repository, lost, meant
):
    rule = {"MANIFEST.in": f"exclude {lost}"}
    repository.commit({**CODE, lost: "x", **rule})
    make_sdist({**without(CODE, lost), **rule})
    make_wheel(installed(without(CODE, lost)))
    problems, _ = findings("sdist", repository.root)
    assert [f"lacks {lost}" in it for it in problems] == [True] * (not meant)


@pytest.mark.parametrize("lost", ["src/demo/py.typed", "src/demo/a.py"])
def test_wheel_must_have_the_packages_files(
    findings, make_sdist, make_wheel, lost
):
    files = {**CODE, "src/demo/py.typed": ""}
    make_sdist(files)
    make_wheel(installed(without(files, lost)))
    [problem], _ = findings("wheel")
    assert f"lacks {lost}, which demo-1.0.tar.gz has" in problem


def test_wheel_may_have_a_folder_under_another_name(
    findings, make_sdist, make_wheel
):
    make_sdist({"source/__init__.py": "1", "source/a.py": "a"})
    make_wheel({"demo/__init__.py": "1", "demo/a.py": "a"})
    assert findings("wheel") == ([], [])


def test_wheel_may_leave_data_and_tests_out(findings, make_sdist, make_wheel):
    tests = {"src/demo/tests/test_a.py": "", "src/demo/b.pyx": ""}
    make_sdist({**CODE, **tests, "setup.py": "", "tests/__init__.py": ""})
    make_wheel(installed(without(CODE, "src/demo/b.txt")))
    problems, [note] = findings("wheel")
    assert problems == []
    assert "leaves out src/demo/b.pyx, src/demo/b.txt" in note


@pytest.mark.parametrize(
    "path",
    ["demo/a.pyc", "demo/__pycache__/a", ".git/config", "demo/.DS_Store"],
)
def test_leftovers_are_found(findings, make_sdist, make_wheel, path):
    make_sdist({path: ""})
    make_wheel({path: ""})
    problems, _ = findings("leftovers")
    assert len(problems) == 2
    assert all(path in problem for problem in problems)


def test_leftovers_are_compiled_files_too(findings, make_sdist, repository):
    repository.commit({"demo/a.py": ""})
    make_sdist({"demo/fast.so": "", "tests/data/old.so": ""})
    [problem], [note] = findings("leftovers", repository.root)
    assert problem.endswith("compiled files: demo/fast.so")
    assert note.endswith("among its tests: tests/data/old.so")
    repository.commit({"demo/fast.so": ""})
    assert findings("leftovers", repository.root)[0] == []


def test_leftovers_may_be_meant_where_git_is_not_asked(findings, make_sdist):
    make_sdist({"demo/fast.so": ""})
    problems, [note] = findings("leftovers")
    assert problems == []
    assert "compiled files: demo/fast.so" in note


def test_leftovers_are_no_files_about_them(findings, make_sdist, make_wheel):
    make_sdist({".gitignore": "", "pyc.py": "", "demo/fast.c": ""})
    make_wheel({"demo/fast.so": "", "demo/__init__.py": ""})
    assert findings("leftovers") == ([], [])


KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + 2 * ("A" * 64 + "\n")

SECRETS = {
    "server.pem": KEY,
    "demo/pypi.txt": "password = pypi-AgE" + "a" * 100,
    "demo/github.py": f"TOKEN = 'ghp_{'a1' * 18}'",
    "demo/aws.ini": f"aws_secret_access_key = {'Ab1/' * 10}",
    "demo/slack.py": "xoxb-" + "1" * 11 + "-" + "ab" * 12,
    ".env": "",
    "deploy/id_ed25519": "",
    ".pypirc": "",
}


@pytest.mark.parametrize("path", SECRETS)
def test_secrets_are_found(findings, make_sdist, path):
    make_sdist({path: SECRETS[path]})
    [problem], notes = findings("secrets")
    assert path in problem
    assert notes == []


def test_secrets_of_tests_are_notes(findings, make_sdist):
    make_sdist({"tests/certs/server.key": KEY, "docs/.env": ""})
    problems, notes = findings("secrets")
    assert problems == []
    assert len(notes) == 2


def test_secrets_are_no_prose_about_them(findings, make_sdist):
    make_sdist(
        {
            "demo/ca.pem": "-----BEGIN CERTIFICATE-----\n" + "A" * 99,
            "demo/key.py": 'HEAD = "-----BEGIN RSA PRIVATE KEY-----"\n',
            "README.md": "Set TOKEN to ghp_… or pypi-AgE…",
            "env.py": "",
            ".env.example": "",
        }
    )
    assert findings("secrets") == ([], [])


@pytest.mark.parametrize(
    ("path", "text", "program"),
    [
        (
            "demo/a.py",
            "# Pyarmor 8\nfrom pyarmor_runtime_000000 import __pyarmor__\n",
            "PyArmor",
        ),
        (
            "demo/a.py",
            "from .pytransform import pyarmor_runtime\npyarmor_runtime()\n",
            "PyArmor",
        ),
        (
            "demo/a.pye",
            "---BEGIN PYE FILE---\nQUJD\n---END PYE FILE---\n",
            "SourceDefender",
        ),
        ("demo/a.py", "# from pyarmor_runtime import __pyarmor__\n", None),
        ("demo/a.py", "HEAD = '---BEGIN PYE FILE---'\n", None),
        ("demo/a.md", "from pyarmor_runtime import __pyarmor__\n", None),
    ],
)
def test_obfuscated_code_is_found(
    findings, make_sdist, make_wheel, path, text, program
):
    make_sdist({path: text})
    make_wheel({path: text})
    problems, _ = findings("obfuscated")
    assert len(problems) == 2 * bool(program)
    assert all(f"{program} has encrypted" in it for it in problems)
