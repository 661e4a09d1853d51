"""holdings.py, against folders that are served as an index."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pytest

import holdings
from index import IndexProblemError


@pytest.fixture
def index_url(tmp_path):
    """An index of pages: NAME/index.html in the folder `simple`."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        holdings.main([*arguments])
    return ended.value.code, json.loads(capsys.readouterr().out)


def test_files_are_listed_with_whether_they_are_yanked(
    tmp_path, index_url, capsys
):
    (tmp_path / "simple" / "demo-pkg").mkdir(parents=True)
    (tmp_path / "simple" / "demo-pkg" / "index.html").write_text(
        '<a href="demo-1.0.tar.gz">x</a>'
        '<a href="demo-1.1.tar.gz" data-yanked="">x</a>'
    )
    code, answer = run(capsys, "--url", index_url, "--name", "Demo_Pkg")
    assert not code
    assert answer == {
        "simple": f"{index_url}simple/",
        "files": [
            {"name": "demo-1.0.tar.gz", "yanked": False, "uploaded": ""},
            {"name": "demo-1.1.tar.gz", "yanked": True, "uploaded": ""},
        ],
    }


def test_a_project_that_is_not_there_has_no_files(tmp_path, index_url, capsys):
    (tmp_path / "simple").mkdir()
    simple = f"{index_url}simple/"
    arguments = ["--url", index_url, "--simple", simple, "--name", "demo"]
    assert run(capsys, *arguments)[1] == {"simple": simple, "files": []}


def test_an_index_that_is_down_is_waited_for_until_the_deadline(capsys):
    arguments = ["--url", "http://127.0.0.1:9", "--name", "demo"]
    asked = []

    def busy(*_):
        asked.append(1)
        raise IndexProblemError("busy", 503, "")

    with patch("holdings.find_index", busy):
        code, answer = run(capsys, *arguments, "--deadline", "2")
    assert (bool(code), answer) == (True, {"error": "busy"})
    assert len(asked) in (2, 3)


def test_an_index_that_is_none_is_told_in_a_sentence(index_url, capsys):
    code, answer = run(capsys, "--url", index_url, "--name", "demo")
    assert code
    assert answer["error"].startswith("No simple API is found for")
