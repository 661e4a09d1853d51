"""history.py and notes.py: spans of a history, and how git-cliff is asked."""

import io
import json
import stat
import sys

import history as history_tool
import notes as notes_tool
from history import history
from notes import render

# Stands for git-cliff: tells what it was asked, in which repository.
CLIFF = """#!/bin/sh
while [ "$1" != --repository ]; do shift; done
git -C "$2" log --format=%s; shift 2; echo "$@" | cut -c1-90
"""


def made(repository):
    repository.commit({"packages/a/x": "1"}, message="feat: a")
    repository.git("tag", "v1.0")
    repository.commit({"y": "1"}, message="fix: b")
    return repository.root


def cliff(tmp_path):
    file = tmp_path / "cliff"
    file.write_text(CLIFF)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_spans_have_their_commits_and_times(repository):
    root = made(repository)
    (root / "CHANGELOG.md").write_text("# Ours\n")
    spans = [{"from": "v1.0", "to": None}, {"from": None, "to": "v1.0"}]
    found = history(root, ".", {"spans": spans, "file": "CHANGELOG.md"})
    subjects = [
        [commit["message"] for commit in span["commits"]]
        for span in found["spans"]
    ]
    assert subjects == [["fix: b"], ["feat: a"]]
    assert all(span["time"] > 0 for span in found["spans"])
    assert found["existing"] == "# Ours\n"


def test_a_span_is_rendered_from_what_lies_behind_its_end(repository, tmp_path):
    root, fake = made(repository), cliff(tmp_path)
    first = render(root, ".", {"from": None, "to": "v1.0", "skip": []}, fake)
    assert first == "feat: a\n--tag notes"
    span = {"from": "v1.0", "to": None, "skip": ["abc"]}
    later = render(root, "packages/a", span, fake)
    assert "--include-path packages/a/** --skip-commit abc -- " in later
    assert later.startswith("fix: b\nfeat: a\n")


def test_both_read_stdin_and_print_json(
    repository, tmp_path, monkeypatch, capsys
):
    root = str(made(repository))
    question = {"spans": [], "file": "none.md"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question)))
    history_tool.main(["--root", root])
    assert json.loads(capsys.readouterr().out)["existing"] is None
    spans = [{"from": None, "to": None, "skip": []}]
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(spans)))
    notes_tool.main(["--root", root, "--cliff", cliff(tmp_path)])
    assert len(json.loads(capsys.readouterr().out)) == 1
