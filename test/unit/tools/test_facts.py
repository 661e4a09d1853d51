"""facts.py: what is told of a repository and its project."""

import json

from facts import facts, main


def test_a_commit_is_told_with_its_time_branch_and_tags(repository):
    repository.commit({"pyproject.toml": "[project]"})
    repository.git("tag", "v1.0")
    repository.git("tag", "latest")
    told = facts(repository.root, ".")
    assert told["pyproject"] == "[project]"
    assert told["projects"] == []
    git = told["git"]
    assert git["commit"] == repository.git("rev-parse", "HEAD")
    assert git["time"] == int(repository.git("log", "-1", "--format=%ct"))
    assert git["branch"] == "main"
    assert git["tagsAtHead"] == ["latest", "v1.0"]
    assert git["tagged"] is True
    assert git["edited"] == []
    assert git["shallow"] is False


def test_edits_of_tracked_files_are_told_and_untracked_files_are_not(
    repository,
):
    repository.commit({"a.py": "1" * 99, "b b.py": "2", "c.py": "3"})
    repository.git("mv", "a.py", "moved.py")
    repository.write({"b b.py": "other", "new.py": ""})
    edited = facts(repository.root, ".")["git"]["edited"]
    assert sorted(edited) == ["b b.py", "moved.py"]


def test_a_detached_head_has_no_branch(repository):
    repository.commit({})
    repository.git("checkout", "--quiet", "--detach")
    git = facts(repository.root, ".")["git"]
    assert git["branch"] is None
    assert git["tagged"] is False


def test_a_repository_without_a_commit_has_none(repository):
    assert facts(repository.root, ".")["git"]["commit"] is None


def test_a_shallow_clone_is_told(repository, tmp_path):
    repository.commit({}, "one")
    repository.commit({}, "two")
    clone = tmp_path / "clone"
    origin = f"file://{repository.root}"
    repository.git("clone", "--quiet", "--depth=1", origin, str(clone))
    assert facts(clone, ".")["git"]["shallow"] is True


def test_a_folder_inside_a_repository_is_none(repository):
    repository.commit({"inner/pyproject.toml": ""})
    assert facts(repository.root / "inner", ".")["git"] is None


def test_a_linked_worktree_is_told_by_its_file(repository, tmp_path):
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    told = facts(tmp_path, ".")
    assert told["git"] is None
    assert told["gitFile"] == "gitdir: /nowhere\n"


def test_folders_with_a_pyproject_are_told_where_it_is_missing(repository):
    files = {"a/pyproject.toml": "", "packages/b/pyproject.toml": ""}
    repository.commit(files)
    assert facts(repository.root, ".")["projects"] == ["a", "packages/b"]
    assert facts(repository.root, "a")["projects"] == []


def test_the_program_prints_json(repository, capsys):
    repository.commit({"a/pyproject.toml": "x = 1"})
    main(["--root", str(repository.root), "--path", "a"])
    assert json.loads(capsys.readouterr().out)["pyproject"] == "x = 1"
