"""history.py and notes.py: spans of a history, and how git-cliff is asked."""

import io
import json
import re
import sys

import pytest

import history as history_tool
import notes as notes_tool
from commits import readable
from history import history
from notes import render
from repository import UnreadableError


def made(repository):
    repository.commit({"packages/a/x": "1"}, message="feat: a")
    repository.git("tag", "v1.0")
    repository.commit({"y": "1"}, message="fix: b")
    return repository.root


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


def test_a_changelog_in_another_encoding_is_told_and_line_ends_stay(repository):
    repository.commit({})
    file = repository.root / "CHANGELOG.md"
    question = {"spans": [], "file": file.name}
    file.write_bytes(b"# Ours\r\n")
    found = history(repository.root, ".", question)
    assert found["existing"] == "# Ours\r\n"
    file.write_bytes(b"# Ours\n\nGr\xf6\xdfe\n")
    with pytest.raises(
        UnreadableError, match=r"not in UTF-8: line 3 has .*xf6"
    ):
        history(repository.root, ".", question)


def test_a_span_is_rendered_with_its_commits_and_their_ids(repository):
    root = made(repository)
    first = repository.git("rev-parse", "v1.0")[:9]
    last = repository.git("rev-parse", "HEAD")
    old = {"from": None, "to": "v1.0", "skip": []}
    assert render(root, ".", old) == f"### Added\n\n- A ({first})"
    new = {"from": "v1.0", "to": None, "skip": []}
    assert render(root, ".", new) == f"### Fixed\n\n- B ({last[:9]})"
    assert render(root, "packages/a", new) == ""
    assert render(root, ".", {**new, "skip": [last]}) == ""


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("feat: multi\nline", "Multi line"),
        ("feat: multi\n  line\n\nBody", "Multi line"),
        ("feat: one\n- two\n", "One"),
        ("feat: one\nBREAKING CHANGE: two", "**Breaking:** One: two"),
        ("feat: one\nSigned-off-by: a", "One"),
    ],
)
def test_subjects_are_folded_as_git_folds_them(repository, message, entry):
    repository.commit({}, message)
    span = {"from": None, "to": None, "skip": []}
    notes = render(repository.root, ".", span)
    assert re.sub(r" \(\w{9}\)$", "", notes) == f"### Added\n\n- {entry}"


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("fix: a ` for @everyone", "A \\` for `@everyone`"),
        ("fix: a ` <b>\n\nof `", "A \\` \\<b>"),
        ("fix: `a*b` and *c*", "`a*b` and \\*c\\*"),
        ("fix: <img src=x> ![t](http://x)", "\\<img src=x> !\\[t](http://x)"),
        ("fix: [a][b] of x[0], a@b.c", "\\[a][b] of x[0], a@b.c"),
        ("fix: \\* and __init__", "\\* and \\_\\_init\\_\\_"),
        ("fix(@me/x): a", "**`@me/x`:** A"),
        (
            "fix: a\n\nBREAKING CHANGE: <b> `c` @you",
            "**Breaking:** A: \\<b> `c` `@you`",
        ),
    ],
)
def test_markup_of_messages_shows_as_it_is_written(repository, message, entry):
    repository.commit({}, message)
    span = {"from": None, "to": None, "skip": []}
    notes = render(repository.root, ".", span)
    assert re.sub(r" \(\w{9}\)$", "", notes) == f"### Fixed\n\n- {entry}"


def test_messages_in_other_encodings_are_read(repository):
    file = repository.root / "message"
    file.write_bytes("feat: Größe".encode("latin-1"))
    commit = ("commit", "--quiet", "--allow-empty", "--file=message")
    repository.git("-c", "i18n.commitEncoding=ISO-8859-1", *commit)
    span = {"from": None, "to": None, "skip": []}
    notes = render(repository.root, ".", span)
    assert "- Größe (" in notes
    # Bytes that are not in the encoding that the commit names.
    assert readable("Gr\udcf6\udcdfe\n") == "Gr\ufffd\ufffde"


def test_both_read_stdin_and_print_json(repository, monkeypatch, capsys):
    root = str(made(repository))
    question = {"spans": [], "file": "none.md"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question)))
    history_tool.main(["--root", root])
    assert json.loads(capsys.readouterr().out)["existing"] is None
    spans = [{"from": None, "to": None, "skip": []}]
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(spans)))
    notes_tool.main(["--root", root])
    assert len(json.loads(capsys.readouterr().out)) == 1
