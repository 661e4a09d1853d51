"""commits.py: what git says of the commits of a release."""

import io
import json
import sys

import commits as tool
from commits import commits, read_remote


def asked(repository, since=None, newest=None, path="."):
    question = {"since": since, "newest": newest}
    return commits(repository.root, path, question)


def messages(log):
    return [commit["message"] for commit in log["commits"]]


def test_commits_come_newest_first_with_whole_messages(repository):
    repository.commit({"a": "1"})
    repository.git("tag", "v1.0")
    first = repository.git("rev-parse", "HEAD").strip()
    body = "feat: a\n\nÜber\n\nBREAKING CHANGE: b"
    repository.git("commit", "-q", "--allow-empty", "-m", body)
    repository.git("tag", "v1.1rc1")
    repository.git("commit", "-q", "--allow-empty", "-m", "fix: c")
    log = asked(repository, "v1.0", "v1.1rc1")
    assert messages(log) == ["fix: c", body]
    assert log["commits"][1]["parents"] == [first]
    assert log["fresh"] == 1
    assert log["tags"] == ["v1.0", "v1.1rc1"]
    assert log["remote"] is None


def test_without_a_tag_all_count(repository):
    repository.commit({"a": "1"})
    repository.commit({"a": "2"})
    log = asked(repository)
    assert log["fresh"] == len(log["commits"]) == 2
    assert log["commits"][-1]["parents"] == []


def test_of_a_package_count_those_that_touch_it(repository):
    repository.commit({"packages/demo/a": "1"})
    inside = repository.git("rev-parse", "HEAD").strip()
    repository.commit({"other": "1"})
    log = asked(repository, path="packages/demo")
    assert [commit["id"] for commit in log["commits"]] == [inside]


def test_a_remote_is_told_without_credentials(repository):
    url = "https://x-access-token:canary@github.com/a/b.git"
    repository.git("remote", "add", "origin", url)
    assert read_remote(repository.root) == "https://github.com/a/b.git"
    repository.git("remote", "set-url", "origin", "git@github.com:a/b.git")
    assert read_remote(repository.root) == "git@github.com:a/b.git"


def test_it_reads_stdin_and_prints_one_object(repository, monkeypatch, capsys):
    repository.commit({"a": "1"})
    question = io.StringIO('{"since": null, "newest": null}')
    monkeypatch.setattr(sys, "stdin", question)
    tool.main(["--root", str(repository.root)])
    assert json.loads(capsys.readouterr().out)["remote"] is None
