"""repository.py: a git command without an answer is an error, in words."""

import json

import pytest

from commits import commits
from facts import facts
from history import history
from repository import GitFailedError, git, tell

QUESTION = {"since": None, "newest": None}


@pytest.fixture
def partial(repository, tmp_path):
    """A clone without trees but HEAD's, whose origin is out of reach."""
    repository.commit({"pkg/a": "1"}, "feat: one")
    repository.commit({"pkg/a": "2"}, "feat: two")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    origin = f"file://{repository.root}"
    repository.git("clone", "-q", "--filter=tree:0", origin, str(clone))
    away = "https://me:canary@127.0.0.1:9/away.git"
    git(clone, "remote", "set-url", "origin", away)
    return clone


def test_a_partial_clone_is_refused_where_git_needs_more(partial):
    with pytest.raises(GitFailedError, match="--refetch --no-filter") as failed:
        commits(partial, "pkg", QUESTION)
    assert "lacks what `git log` needs" in str(failed.value)
    assert "canary" not in str(failed.value)
    span = {"from": None, "to": None}
    with pytest.raises(GitFailedError, match="partial clone"):
        history(partial, "pkg", {"spans": [span], "file": "none.md"})


def test_a_partial_clone_that_has_all_that_is_asked_is_as_good(partial):
    assert len(commits(partial, ".", QUESTION)["commits"]) == 2
    assert facts(partial, ".")["git"]["edited"] == []


def test_what_git_cannot_read_is_told_and_no_empty_answer(repository, capsys):
    repository.commit({"a": "1"})
    with pytest.raises(GitFailedError, match="`git log` gives no answer"):
        git(repository.root, "-c", "a.b=c", "log", "nothing")
    question = {"since": "v1.0", "newest": None}
    with pytest.raises(SystemExit, match="1"):
        tell(commits, repository.root, ".", question)
    assert "v1.0" in json.loads(capsys.readouterr().out)["error"]


def test_what_is_not_there_is_no_failure(repository):
    asked = ("config", "--get", "remote.origin.url")
    assert git(repository.root, *asked, no=1) is None
