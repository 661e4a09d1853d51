"""released.py: a release's files, and the states that an index tells."""

import json

from index import Index, IndexFile, Listing, read_html, read_json
from released import release_of, released, states


def test_a_release_is_told_by_its_file_names():
    assert release_of("Demo_Pkg-1.0-py3-none-any.whl") == ("demo-pkg", "1.0")
    assert release_of("demo.pkg-1.0.tar.gz") == ("demo-pkg", "1.0")
    assert release_of("demo-1.0.whl") is None
    assert release_of("demo-1.0.zip") is None
    names = ["demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl", "demo-2.tar.gz"]
    files = [IndexFile(name, "", None) for name in names]
    found = [file.name for file in released(files, "Demo", "1.0")]
    assert found == [names[1], names[0]]


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
