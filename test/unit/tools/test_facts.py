"""facts.py: what is told of a repository and its project."""

import json
import os
import subprocess

import pytest

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


def test_edits_that_git_was_told_not_to_see_are_told(repository):
    repository.commit({"a.py": "1", "b é.py": "2", "c.py": "3", "d.py": "4"})
    hide = ("update-index", "--assume-unchanged")
    repository.git(*hide, "a.py", "b é.py")
    repository.git("update-index", "--skip-worktree", "c.py", "d.py")
    git = facts(repository.root, ".")["git"]
    assert (git["edited"], git["missing"]) == ([], [])
    repository.write({"b é.py": "other"})
    (repository.root / "d.py").unlink()
    git = facts(repository.root, ".")["git"]
    assert git["edited"] == ["b é.py", "d.py"]
    assert git["missing"] == ["d.py"]


def test_whether_git_tracks_pyproject_is_told(repository):
    repository.commit({"a.py": "", "sub/pyproject.toml": "[project]"})
    repository.write({"pyproject.toml": "[project]"})
    assert facts(repository.root, ".")["tracked"] is False
    assert facts(repository.root, "sub")["tracked"] is True


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


def test_tags_behind_are_told_from_tags_at_head_and_tags_elsewhere(repository):
    repository.commit({}, "one")
    repository.git("tag", "light")
    repository.git("tag", "-m", "x", "annotated")
    repository.git("branch", "side")
    repository.commit({}, "two")
    repository.git("tag", "-m", "x", "here")
    repository.git("checkout", "--quiet", "side")
    repository.commit({}, "three")
    repository.git("tag", "elsewhere")
    repository.git("checkout", "--quiet", "main")
    git = facts(repository.root, ".")["git"]
    assert git["tagsAtHead"] == ["here"]
    assert git["tagsBehind"] == ["annotated", "light"]


def test_a_tag_elsewhere_makes_a_repository_tagged(repository):
    repository.commit({})
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit({}, "other")
    repository.git("tag", "v1.0")
    repository.git("checkout", "--quiet", "main")
    git = facts(repository.root, ".")["git"]
    assert (git["tagsAtHead"], git["tagsBehind"]) == ([], [])
    assert git["tagged"] is True


def test_missing_files_are_told_among_edited_ones(repository):
    repository.commit({"a.py": "1", "b.py": "2", "c.py": "3"})
    (repository.root / "a.py").unlink()
    repository.write({"b.py": "other"})
    repository.git("rm", "--quiet", "c.py")
    git = facts(repository.root, ".")["git"]
    assert sorted(git["edited"]) == ["a.py", "b.py", "c.py"]
    assert git["missing"] == ["a.py"]


def test_a_conflict_is_an_edit(repository):
    repository.commit({"a.py": "1"})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"a.py": "2"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"a.py": "3"})
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "--quiet", "side")
    assert facts(repository.root, ".")["git"]["edited"] == ["a.py"]


@pytest.mark.parametrize(
    ("setup", "branch", "on_it"),
    [
        ([], "refs/heads/main", True),
        (["branch -m main trunk"], None, False),
        (["update-ref refs/remotes/origin/main HEAD"], None, True),
        (
            ["checkout -q --orphan x", "commit -q --allow-empty -m x"],
            "refs/heads/main",
            False,
        ),
    ],
)
def test_the_default_branch_is_told_where_head_has_a_tag(
    repository, setup, branch, on_it
):
    repository.commit({})
    for command in setup:
        repository.git(*command.split())
    before = facts(repository.root, ".")["git"]
    assert (before["defaultBranch"], before["onDefaultBranch"]) == (None, False)
    repository.git("tag", "v1.0")
    git = facts(repository.root, ".")["git"]
    if "update-ref" in "".join(setup):
        branch = "refs/remotes/origin/main"
    assert git["defaultBranch"] == branch
    assert git["onDefaultBranch"] is on_it


def test_a_clone_knows_its_default_branch(repository, tmp_path):
    repository.git("branch", "-m", "main", "trunk")
    repository.commit({})
    repository.git("tag", "v1.0")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", str(repository.root), str(clone))
    git = facts(clone, ".")["git"]
    assert git["defaultBranch"] == "refs/remotes/origin/trunk"
    assert git["onDefaultBranch"] is True


def test_submodules_that_are_not_checked_out_are_told(repository, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    type(repository)(inner).commit({})
    add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add"]
    repository.git(*add, str(inner), "vendor/inner")
    repository.commit({})
    assert facts(repository.root, ".")["git"]["submodules"] == []
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", str(repository.root), str(clone))
    assert facts(clone, ".")["git"]["submodules"] == ["vendor/inner"]


def test_a_file_for_submodules_may_name_none(repository):
    repository.commit({".gitmodules": "", "a.py": ""})
    assert facts(repository.root, ".")["git"]["submodules"] == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives folders away")
def test_a_repository_of_another_user_is_dubious(repository, monkeypatch):
    repository.commit({})
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.delenv("SUDO_UID", raising=False)
    for path in (repository.root, repository.root / ".git"):
        os.chown(path, 12345, 12345)
    told = facts(repository.root, ".")
    assert told["dubious"] is True
    assert told["git"] is None


@pytest.mark.parametrize(
    ("setup", "told"),
    [
        ("setup()", False),
        ("setup(use_scm_version=True)", False),
        ("setup(**{'use_scm_version': True})", False),
        ("setup(use_scm_version={'version_scheme': 'x'})", True),
        ("setup(use_scm_version = settings)", True),
    ],
)
def test_settings_in_setup_py_are_told(repository, setup, told):
    repository.write({"setup.py": setup})
    assert facts(repository.root, ".")["settingsInSetup"] is told
