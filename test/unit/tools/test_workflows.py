"""workflows.py: what a repository holds for its hosting service."""

import json

import pytest

from workflows import default_branch, github_repository, main


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/octo/greeter.git", "octo/greeter"),
        ("https://github.com/octo/greeter", "octo/greeter"),
        ("https://token@github.com/octo/greeter.git", "octo/greeter"),
        ("git@github.com:octo/py.greeter.git", "octo/py.greeter"),
        ("ssh://git@github.com/octo/greeter.git", "octo/greeter"),
        ("https://gitlab.com/octo/greeter.git", None),
        ("https://github.com.example.org/octo/greeter", None),
    ],
)
def test_the_repository_is_that_of_the_remote(repository, url, name):
    repository.git("remote", "add", "origin", url)
    assert github_repository(repository.root) == name


def test_without_a_remote_there_is_none(repository):
    assert github_repository(repository.root) is None


def test_the_default_branch_is_the_remotes(repository):
    repository.commit({})
    repository.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    repository.git(
        *("symbolic-ref", "refs/remotes/origin/HEAD"),
        "refs/remotes/origin/trunk",
    )
    assert default_branch(repository.root) == "trunk"


def test_the_default_branch_is_main_or_else_the_one_checked_out(repository):
    repository.commit({})
    assert default_branch(repository.root) == "main"
    repository.git("branch", "--move", "development/next")
    assert default_branch(repository.root) == "development/next"


def test_a_detached_head_without_a_known_branch_says_nothing(repository):
    repository.commit({})
    repository.git("branch", "--move", "other")
    repository.git("checkout", "--detach")
    assert default_branch(repository.root) is None


def test_files_are_read_that_a_deployment_depends_on(repository, capsys):
    repository.commit(
        {
            ".github/workflows/ci.yml": "on: push",
            ".github/workflows/notes.txt": "no workflow",
            ".github/dependabot.yml": "version: 2",
            "action.yml": "runs: {}",
            "pyproject.toml": "[project]",
            "src/demo/__init__.py": '__version__ = "1.0"',
            "src/demo/cli.py": "import demo",
            "src/demo/large.py": "version = 1\n" + "#" * 1_000_000,
            "docs/readme.md": "version = 1",
        }
    )
    repository.write({".github/workflows/new.yaml": "on: push"})
    (repository.root / "pyproject.toml").unlink()
    main(["--root", str(repository.root)])
    answer = json.loads(capsys.readouterr().out)
    assert sorted(answer["texts"]) == [
        ".github/workflows/ci.yml",
        ".github/workflows/new.yaml",
        "action.yml",
        "src/demo/__init__.py",
    ]
    assert ".github/workflows/new.yaml" not in answer["tracked"]
    assert "docs/readme.md" in answer["tracked"]


def test_any_tracked_text_that_has_a_token_is_read(repository, capsys):
    token = "pypi-" + "AgEIcHlwaS5vcmcCJDAwMDAwMDAw"
    repository.commit(
        {
            "packages/demo/pyproject.toml": "",
            "scripts/release.sh": f"twine upload -p {token}",
            ".pypirc": f"password = {token}",
            "large.log": "#" * 1_000_001 + token,
            "notes.md": "a token begins with pypi-AgE",
            "data.bin": f"\0{token}",
        }
    )
    repository.write({"untracked.txt": token})
    main(["--root", str(repository.root), "--path", "packages/demo"])
    answer = json.loads(capsys.readouterr().out)
    assert sorted(answer["texts"]) == [
        ".pypirc",
        "large.log",
        "packages/demo/pyproject.toml",
        "scripts/release.sh",
    ]


@pytest.mark.parametrize("said", ["", "pypi-" + "AgEIcHlwaS5vcmcCJDAwMDAwMDAw"])
def test_a_workflow_is_read_with_its_line_ends(repository, capsys, said):
    path = repository.root / ".github/workflows/ci.yml"
    path.parent.mkdir(parents=True)
    text = f"on: push\r\njobs: {{}}\r\n# {said}\r\n"
    path.write_bytes(text.encode())
    repository.commit({})
    main(["--root", str(repository.root)])
    answer = json.loads(capsys.readouterr().out)
    assert answer["texts"] == {".github/workflows/ci.yml": text}


def test_of_several_packages_the_ones_own_files_are_read(repository, capsys):
    repository.commit(
        {
            ".github/workflows/ci.yml": "on: push",
            "a/pyproject.toml": "",
            "b/pyproject.toml": "",
        }
    )
    main(["--root", str(repository.root), "--path", "a"])
    answer = json.loads(capsys.readouterr().out)
    assert sorted(answer["texts"]) == [
        ".github/workflows/ci.yml",
        "a/pyproject.toml",
    ]
