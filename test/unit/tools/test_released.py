"""released.py: a release's files, and the states that an index tells."""

import json

import pytest

from index import Index, IndexFile, Listing, read_html, read_json
from released import release_of, released, states, strangers, version_key


def test_a_release_is_told_by_its_file_names():
    assert release_of("Demo_Pkg-1.0-py3-none-any.whl") == ("demo-pkg", "1.0")
    assert release_of("demo.pkg-1.0.tar.gz") == ("demo-pkg", "1.0")
    assert release_of("demo-1.0.whl") is None
    assert release_of("demo-1.0.zip") is None
    names = ["demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl", "demo-2.tar.gz"]
    files = [IndexFile(name, "", None) for name in names]
    found = [file.name for file in released(files, "Demo", "1.0")]
    assert found == [names[1], names[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0"),
        ("v0.1.0", "0.1"),
        ("1.0-BETA_1", "1.0b1"),
        ("1.0.c2", "1rc2"),
        ("1.0-3", "1.0.post3"),
        ("1.0dev", "1.0.dev0"),
        ("0!1+ubuntu-1", "1.0+ubuntu.1"),
        ("nightly", "nightly"),
    ],
)
def test_versions_are_compared_as_pep_440_does(one, other):
    assert version_key(one) == version_key(other)
    assert version_key(one) != version_key("1!1.5")


def test_other_versions_have_other_keys():
    texts = ["1", "1a0", "1b0", "1rc0", "1.post0", "1.dev0", "1!1", "1+a", "x"]
    assert len({version_key(it) for it in texts}) == len(texts)


def test_files_besides_those_expected_are_named():
    files = [IndexFile(name, "", None) for name in ("b", "a", "c")]
    [note] = strangers("demo 1.0", files, {"c": 1})
    assert "files of demo 1.0 that are none of these: a, b. They" in note
    assert strangers("demo 1.0", files, {"a", "b", "c"}) == []


def test_an_active_release_has_no_states():
    assert states(Listing(), "1.0", {"a"}) == ([], [])


def test_quarantine_is_a_problem_other_states_are_notes():
    problems, notes = states(Listing({}, "quarantined", "malware"), "1", {})
    assert "quarantine, and nobody can install it: malware" in problems[0]
    assert notes == []
    problems, notes = states(Listing({}, "archived"), "1", {})
    assert (problems, notes) == ([], ["The index calls the project archived."])


def test_a_yanked_release_is_a_note_with_its_reason():
    files = {"a": IndexFile("a", "", None, True, None, "broken")}
    _, [note] = states(Listing(files), "1.0", {"a"})
    assert "1.0 is yanked on the index: broken" in note
    assert states(Listing(files), "1.0", {"b"}) == ([], [])


def test_states_are_read_from_json_and_html():
    file = {"filename": "a", "url": "a", "size": 7, "yanked": "broken"}
    when = "2026-03-20T00:00:00Z"
    status = {"status": "quarantined", "reason": "malware"}
    timed = [file | {"upload-time": it} for it in (when, 7)]
    page = {"files": [file, *timed], "project-status": status}
    [found, *others], *said = read_json(json.dumps(page), "https://x/")
    assert (found.size, found.yanked, found.why) == (7, True, "broken")
    assert [it.uploaded for it in (found, *others)] == ["", when, ""]
    assert said == ["quarantined", "malware"]
    html = (
        b'<meta name="pypi:project-status" content="archived">'
        b'<a href="a" data-yanked="broken">a</a><a href="b">b</a>'
    )
    [one, two], *said = read_html(html, "https://x/")
    assert (one.yanked, one.why) == (True, "broken")
    assert (two.yanked, two.why) == (False, "")
    assert said == ["archived", ""]
    assert Index("https://x").simple == "https://x/"
