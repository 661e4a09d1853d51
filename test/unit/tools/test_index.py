"""index.py, upload.py, send.py and confirm.py, against servers that listen."""

import base64
import hashlib
import io
import json
import socket
import ssl
import sys
import threading
import urllib.request
from argparse import Namespace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest

import confirm
import index
import serve
import upload
from environment import InstallError
from index import Credentials, Index, IndexProblemError, find_index
from patience import Guard, Patience

SHA = "a" * 64


class Pages(BaseHTTPRequestHandler):
    """Answers GET by path from the server's `pages`."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        page = self.server.pages.get(self.path, (404, {}, b""))
        status, headers, body = page(self.headers) if callable(page) else page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def serving():
    """Starts servers, as (server, URL); they end with the test."""
    started = []

    def start(server):
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def pages(serving):
    """A server of fixed pages: (URL, pages, requests seen)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.pages, server.asked = {}, []
    return Namespace(url=serving(server), at=server.pages, asked=server.asked)


def html(body):
    return 200, {"Content-Type": "text/html"}, body.encode()


def as_json(value):
    return 200, {"Content-Type": index.JSON_TYPE}, json.dumps(value).encode()


def test_files_are_read_from_json(pages):
    file = {"filename": "a-1.whl", "url": "../../f/a-1.whl"}
    file["hashes"] = {"sha256": SHA}
    bare = {"filename": "a-2.whl", "url": "https://else.where/a-2.whl"}
    pages.at["/simple/a-b/"] = as_json({"files": [file, bare]})
    found = Index(f"{pages.url}/simple").files("A.b")
    assert found["a-1.whl"].url == f"{pages.url}/f/a-1.whl"
    assert found["a-1.whl"].sha256 == SHA
    assert found["a-2.whl"].sha256 is None


def test_files_are_read_from_html(pages):
    pages.at["/simple/a/"] = html(
        f'<a href="/f/a%2Bb-1.whl#sha256={SHA}">x</a><a name=y></a>'
        '<a href="b.whl#md5=00">y</a>'
    )
    found = Index(f"{pages.url}/simple").files("a")
    assert found["a+b-1.whl"].url == f"{pages.url}/f/a%2Bb-1.whl"
    assert found["a+b-1.whl"].sha256 == SHA
    assert found["b.whl"].sha256 is None


def test_a_project_that_is_not_there_has_no_files(pages):
    assert Index(pages.url).files("a") == {}


def test_a_redirect_to_another_host_is_nothing_there(pages):
    there = {"Location": "http://localhost:9/simple/a/"}
    pages.at["/a/"] = (302, there, b"")
    assert Index(pages.url).files("a") == {}


def test_a_redirect_on_the_same_host_is_followed(pages):
    pages.at["/a/"] = (302, {"Location": "/b/"}, b"")
    pages.at["/b/"] = html('<a href="a.whl">x</a>')
    assert list(Index(pages.url).files("a")) == ["a.whl"]


def test_a_page_that_is_no_simple_page_is_refused(pages):
    pages.at["/a/"] = as_json({"files": [{}]})
    with pytest.raises(IndexProblemError, match="is no simple page"):
        Index(pages.url).files("a")


@pytest.mark.parametrize(
    "name", ["demo-1.0-py3-none-/../../x.whl", "a\\b.whl", "..", "", 7, "\0"]
)
def test_a_name_that_is_none_of_a_file_is_refused(pages, name):
    pages.at["/a/"] = as_json({"files": [{"filename": name, "url": "x"}]})
    with pytest.raises(IndexProblemError, match="no name of a file"):
        Index(pages.url).files("a")


def test_links_that_are_none_of_files_are_passed_over(pages):
    links = ("f/..%2Fx.whl", "http://[/x.whl", "../", "..", "f/a.whl")
    page = "".join(f'<a href="{link}">x</a>' for link in links)
    pages.at["/a/"] = html(page)
    assert list(Index(pages.url).files("a")) == ["a.whl"]


@pytest.mark.parametrize("size", ["big", -1, True, 1.5, None])
def test_a_size_that_is_none_is_not_known(pages, size):
    hashes = {"sha256": SHA.upper()}
    file = {"filename": "a.whl", "url": "a", "size": size, "hashes": hashes}
    pages.at["/a/"] = as_json({"files": [file]})
    found = Index(pages.url).files("a")["a.whl"]
    assert (found.size, found.sha256) == (None, SHA)


@pytest.mark.parametrize("sha", ["abc", 7, None])
def test_a_hash_that_is_none_is_not_known(pages, sha):
    file = {"filename": "a.whl", "url": "a", "hashes": {"sha256": sha}}
    pages.at["/a/"] = as_json({"files": [file]})
    assert Index(pages.url).files("a")["a.whl"].sha256 is None


def test_a_page_that_is_deep_is_refused(pages):
    pages.at["/a/"] = 200, {"Content-Type": index.JSON_TYPE}, b"[" * 100_000
    with pytest.raises(IndexProblemError, match="is no JSON"):
        Index(pages.url).files("a")


def test_a_page_without_end_is_refused(pages, monkeypatch):
    monkeypatch.setattr(index, "LARGEST_PAGE", 5)
    pages.at["/a/"] = html("123456")
    with pytest.raises(IndexProblemError, match="larger than"):
        Index(pages.url).files("a")


def test_an_error_of_the_server_is_named(pages):
    pages.at["/a/"] = (500, {}, b"")
    with pytest.raises(IndexProblemError, match="answers 500"):
        Index(pages.url).files("a")


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(IndexProblemError, match="cannot be reached"):
        Index("http://127.0.0.1:9/simple").files("a")


def wants_password(headers):
    given = headers.get("Authorization")
    right = "Basic " + base64.b64encode(b"me:secret").decode()
    return html('<a href="a.whl">x</a>') if given == right else (401, {}, b"")


def test_credentials_are_sent_when_they_are_wanted_and_not_before(pages):
    pages.at["/a/"] = wants_password
    reader = Index(pages.url, Credentials("me", "secret"))
    assert list(reader.files("a")) == ["a.whl"]
    sent = ["Authorization" in headers for _, headers in pages.asked]
    assert sent == [False, True]


def test_wrong_or_missing_credentials_are_named(pages):
    pages.at["/a/"] = wants_password
    for credentials in (Credentials("me", "wrong"), None):
        with pytest.raises(IndexProblemError, match=r"401.*--token"):
            Index(pages.url, credentials).files("a")


def test_credentials_are_not_sent_to_another_host(pages, serving):
    other = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    other.pages, other.asked = {}, []
    url = serving(other)
    reader = Index(pages.url, Credentials("me", "secret"))
    reader.wants_credentials = True
    reader.open(f"{url}/f/a.whl")
    assert "Authorization" not in other.asked[0][1]


@pytest.fixture
def other(serving):
    """A second host, as `pages` is the first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.pages, server.asked = {}, []
    return Namespace(url=serving(server), at=server.pages, asked=server.asked)


def sent_on(pages, other, path):
    pages.at[path] = (302, {"Location": other.url + path + "?sig=x"}, b"")


def test_a_file_on_another_host_is_fetched_without_credentials(
    pages, other, tmp_path
):
    sent_on(pages, other, "/f")
    other.at["/f?sig=x"] = (200, {}, b"bytes")
    reader = Index(pages.url, Credentials("me", "secret"))
    reader.wants_credentials = True
    file = index.IndexFile("f", f"{pages.url}/f", None)
    found = reader.download(file, tmp_path / "f")
    assert found == hashlib.sha256(b"bytes").hexdigest()
    assert "Authorization" in pages.asked[0][1]
    assert "Authorization" not in other.asked[0][1]


def test_a_file_on_another_host_is_no_larger_than_on_the_first(
    pages, other, tmp_path
):
    sent_on(pages, other, "/f")
    other.at["/f?sig=x"] = (200, {}, b"bytes")
    file = index.IndexFile("f", f"{pages.url}/f", None)
    with pytest.raises(IndexProblemError, match="larger than") as raised:
        Index(pages.url).download(file, tmp_path / "f", 4)
    assert "sig=x" not in str(raised.value)


def test_another_host_that_wants_credentials_gets_none(pages, other):
    other.at["/f"] = (401, {}, b"")
    reader = Index(pages.url, Credentials("me", "secret"))
    with pytest.raises(IndexProblemError, match="401"):
        reader.open(f"{other.url}/f")
    assert len(other.asked) == 1


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "data:,x", "ftp://x/f", "http://[/f"]
)
def test_a_listed_url_that_is_none_is_told(pages, url):
    with pytest.raises(IndexProblemError, match="no http or https URL"):
        Index(pages.url).open(url)


def test_a_listed_url_that_cannot_be_sent_is_told(pages):
    with pytest.raises(IndexProblemError, match=r"which is no URL"):
        Index(pages.url).open(f"{pages.url}/\u00e9.whl")


def test_an_https_index_leads_to_no_plain_file():
    reader = Index("https://127.0.0.1:9/simple", Credentials("me", "secret"))
    reader.wants_credentials = True
    with pytest.raises(IndexProblemError, match=r"plain http.*https"):
        reader.open("http://127.0.0.1:9/f")


def redirected(url, to):
    """What becomes of the credentials of a request that is sent on."""
    request = urllib.request.Request(url, headers={"Authorization": "x"})
    made = index.Redirects().redirect_request(
        request, io.BytesIO(), 302, "", {}, to
    )
    return made.get_header("Authorization")


def test_credentials_go_along_to_the_same_place_only():
    assert redirected("https://x/a", "https://x/b") == "x"
    assert redirected("http://x/a", "https://x/b") == "x"
    with pytest.raises(IndexProblemError, match=r"plain http at x:9"):
        redirected("https://x:9/a", "http://x:9/a")


def test_a_server_that_was_there_is_gone(pages):
    assert Index(pages.url).files("a") == {}
    refused = ConnectionRefusedError()
    assert index.kind_of(refused, f"{pages.url}/b") == "gone"
    assert index.kind_of(refused, "http://127.0.0.1:9/") == "unreachable"
    assert index.kind_of(TimeoutError(), f"{pages.url}/b") == "timeout"


def test_a_download_is_hashed_as_it_is_saved(pages, tmp_path):
    pages.at["/f"] = (200, {}, b"bytes")
    target = tmp_path / "f"
    file = index.IndexFile("f", f"{pages.url}/f", None)
    expected = hashlib.sha256(b"bytes").hexdigest()
    assert Index(pages.url).download(file, target) == expected
    assert target.read_bytes() == b"bytes"
    gone = index.IndexFile("g", f"{pages.url}/g", None)
    with pytest.raises(IndexProblemError, match="lists g, but"):
        Index(pages.url).download(gone, target)


@pytest.mark.parametrize(
    ("upload_url", "simple"),
    [
        ("/", "/simple/"),
        ("/root/dev/", "/root/dev/+simple/"),
        ("/api/legacy/", "/api/simple/"),
        ("/api/upload", "/api/simple/"),
    ],
)
def test_the_simple_api_is_found(pages, upload_url, simple):
    pages.at[simple] = html("")
    assert find_index(pages.url + upload_url).simple == pages.url + simple


def test_the_simple_api_is_taken_as_given():
    assert find_index("http://x/", "http://y/s").simple == "http://y/s/"


def test_a_simple_api_that_is_not_found_is_named(pages):
    with pytest.raises(
        IndexProblemError, match=r"tried .*/a/simple/.*--simple"
    ):
        find_index(f"{pages.url}/a/")


def test_a_wrong_simple_api_is_told_where_the_right_one_is_known(
    pages, uploading, make_wheel
):
    pages.at["/simple/"] = html("")
    more = ["--simple", f"{pages.url}/wrong", "--dry-run"]
    code, report = uploading(pages.url, make_wheel(), more=more)
    assert code == 1
    assert f"--simple={pages.url}/wrong/ has nothing" in report["error"]
    assert f"at {pages.url}/simple/: what" in report["error"]


@pytest.mark.parametrize("root", [(404, {}, b""), (403, {}, b""), html("")])
def test_an_index_without_a_page_of_projects_is_one_all_the_same(
    pages, uploading, make_wheel, root
):
    pages.at["/own/"] = root
    more = ["--simple", f"{pages.url}/own", "--dry-run"]
    code, report = uploading(pages.url, make_wheel(), more=more)
    assert (code, outcomes(report)) == (0, ["would be uploaded"])


def test_credentials_come_from_the_environment(monkeypatch):
    monkeypatch.delenv("INDEX_PASSWORD", raising=False)
    monkeypatch.setenv("INDEX_USERNAME", "me")
    assert Credentials.of_environment() == Credentials()
    # A secret of a file ends with a line break.
    monkeypatch.setenv("INDEX_PASSWORD", "secret\n")
    assert Credentials.of_environment() == Credentials("me", "secret")


@pytest.fixture
def server(serving, tmp_path, monkeypatch):
    """The rehearsal's own index; its URL. The password is known."""
    folder = tmp_path / "packages"
    folder.mkdir()
    app = serve.rehearsal_app(folder, "secret", [])
    made = make_server("127.0.0.1", 0, app, serve.ThreadingServer)
    monkeypatch.setenv("INDEX_USERNAME", "__token__")
    monkeypatch.setenv("INDEX_PASSWORD", "secret")
    return Namespace(url=serving(made), folder=folder)


@pytest.fixture
def uploading(capsys):
    def run(url, *files, name="demo", more=()):
        more = list(more)
        arguments = ["--url", url, "--name", name, "--deadline", "2"]
        for path in files:
            arguments += ["--file", f"{path}={sha256(path)}"]
        try:
            upload.main(arguments + more)
            code = 0
        except SystemExit as ended:
            code = ended.code
        return code, json.loads(capsys.readouterr().out)

    return run


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def outcomes(report):
    return [file["outcome"] for file in report["files"]]


def test_files_are_uploaded_once(server, uploading, make_sdist, make_wheel):
    files = [make_wheel(), make_sdist({"demo.py": ""})]
    code, report = uploading(server.url, *files)
    assert (code, outcomes(report)) == (0, ["uploaded", "uploaded"])
    assert report["simple"] == f"{server.url}/simple/"
    for path, file in zip(files, report["files"]):
        assert (server.folder / path.name).read_bytes() == path.read_bytes()
        assert file["sha256"] == sha256(path)
    code, report = uploading(server.url, *files)
    assert (code, outcomes(report)) == (0, ["already there"] * 2)


def test_other_bytes_stop_everything_before_the_first_upload(
    server, uploading, make_sdist, make_wheel
):
    wheel, sdist = make_wheel(), make_sdist({"demo.py": ""})
    (server.folder / sdist.name).write_bytes(b"other")
    code, report = uploading(server.url, wheel, sdist)
    assert (code, outcomes(report)) == (1, [])
    assert hashlib.sha256(b"other").hexdigest() in report["error"]
    assert sha256(sdist) in report["error"]
    assert not (server.folder / wheel.name).exists()


def test_a_wrong_token_is_named_and_not_shown(
    server, uploading, make_wheel, monkeypatch
):
    monkeypatch.setenv("INDEX_PASSWORD", "wrong-password")
    code, report = uploading(server.url, make_wheel())
    assert code == 1
    assert "403" in report["error"]
    assert "--token" in report["error"]
    assert "wrong-password" not in json.dumps(report)


def test_a_refusal_has_the_servers_reason(
    pages, uploading, make_wheel, monkeypatch
):
    pages.at["/simple/"] = html("")

    def refuse(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"message": "Name is too similar. See x."}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    monkeypatch.setattr(Pages, "do_POST", refuse, raising=False)
    code, report = uploading(pages.url, make_wheel())
    assert code == 1
    assert report["error"] == (
        "The index refused demo-1.0-py3-none-any.whl with 400:"
        " Name is too similar. See x."
    )


def test_a_refusal_of_what_is_there_by_now_is_done(
    pages, uploading, make_wheel, monkeypatch
):
    wheel = make_wheel()
    pages.at["/simple/"] = html("")

    def stored(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        link = f"{wheel.name}#sha256={sha256(wheel)}"
        pages.at["/simple/demo/"] = html(f'<a href="{link}">x</a>')
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    monkeypatch.setattr(Pages, "do_POST", stored, raising=False)
    code, report = uploading(pages.url, wheel)
    assert (code, outcomes(report)) == (0, ["already there"])


def test_a_connection_that_breaks_is_named(
    pages, uploading, make_wheel, monkeypatch
):
    pages.at["/simple/"] = html("")

    def hang_up(self):
        self.connection.close()

    monkeypatch.setattr(Pages, "do_POST", hang_up, raising=False)
    code, report = uploading(pages.url, make_wheel())
    assert code == 1
    assert "did not get through to" in report["error"]


class Uploads(BaseHTTPRequestHandler):
    """Takes every upload, and counts the connections that they come by."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        self.server.connections += 1
        super().setup()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_one_connection_serves_file_after_file(serving, make_wheel):
    from send import Sender

    server = ThreadingHTTPServer(("127.0.0.1", 0), Uploads)
    server.daemon_threads, server.connections = True, 0
    sender = Sender(serving(server), Credentials, Guard(10))
    for version in ("1.0", "1.1", "1.2"):
        wheel = make_wheel(version=version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        assert sender.send(wheel, digest) is None
    assert server.connections == 1
    sender._repository().close()


class Aged(Uploads):
    """Takes no token but the one of its server's `good`."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        said = self.headers["Authorization"].removeprefix("Basic ")
        good = base64.b64decode(said).decode().endswith(f":{self.server.good}")
        body = b"" if good else b"Invalid API Token: token is expired"
        self.send_response(200 if good else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_token_that_expired_on_the_way_is_replaced(serving, make_wheel):
    from send import Sender

    server = ThreadingHTTPServer(("127.0.0.1", 0), Aged)
    server.daemon_threads, server.connections = True, 0
    server.good, tokens = "new", ["old"]
    wheel = make_wheel()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()

    def credentials():
        return Credentials("__token__", tokens[-1])

    def renewed(old):
        assert old.password == "old"
        tokens.append("new")
        return True

    url, guard = serving(server), Guard(10)
    given = Sender(url, credentials, guard)
    assert given.send(wheel, digest).kind == ""
    single = Sender(url, credentials, guard, renewed=lambda _: False)
    assert single.send(wheel, digest).kind == ""
    sender = Sender(url, credentials, guard, renewed=renewed)
    assert sender.send(wheel, digest).kind == "renewed"
    assert sender.send(wheel, digest) is None
    for it in (given, single, sender):
        it._repository().close()


def test_the_trusted_cas_are_read_once(monkeypatch):
    read, real = [], ssl.create_default_context

    def context(*arguments, **named):
        read.append(arguments)
        return real(*arguments, **named)

    for name in ("create_default_context", "_create_default_https_context"):
        monkeypatch.setattr(ssl, name, context)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = Index(f"https://127.0.0.1:{port}/simple/")
    for _ in range(3):
        with pytest.raises(IndexProblemError, match="cannot be reached"):
            found.files("demo")
    assert len(read) == 1


def test_reasons_are_read_from_json_text_and_html():
    from send import reason_of

    page = "<title>x</title><h1>No &#39;way&#39;.</h1>"
    assert reason_of(page, "Bad") == "No 'way'"
    assert reason_of("", "Bad") == "Bad"
    assert reason_of("[]", "Bad") == "[]"
    assert reason_of(" ", None) == "no reason given"
    # PyPI's message has a preamble, its code the reason alone.
    body = {"code": "400 Bad name", "message": "It could not.\n\nBad name"}
    assert reason_of(json.dumps(body), "") == "Bad name"
    assert reason_of(json.dumps({"message": "m", "title": "t"}), "") == "m"
    assert reason_of(json.dumps({"title": "t"}), "") == "t"


class NoEnvironment:
    """Records installs instead of making any."""

    def __init__(self, fails=False):
        self.variables, self.installs, self.fails = {}, [], fails

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def install(self, *arguments):
        self.installs.append(arguments)
        if self.fails:
            raise InstallError("no such platform")


@pytest.fixture
def confirming(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(confirm, "DOWNLOADS", tmp_path / "downloads")
    tried = {"problems": [], "imported": ["demo"]}
    monkeypatch.setattr(confirm, "try_environment", lambda *_: tried)

    def run(url, hashes, more=(), sizes=None, **how):
        environment = NoEnvironment(**how)
        make = lambda _: environment  # noqa: E731
        monkeypatch.setattr(confirm, "clean_environment", make)
        size = lambda name: (sizes or {}).get(name, 1000000)  # noqa: E731
        files = [
            f"--file={name}={sha}={size(name)}" for name, sha in hashes.items()
        ]
        what = ["--name", "demo", "--version", "1.0", *files]
        where = ["--simple", f"{url}/simple/", "--python", "3.11"]
        where += ["--deadline", "1", *what, *more]
        with pytest.raises(SystemExit) as ended:
            confirm.main(where)
        report = json.loads(capsys.readouterr().out)
        return ended.value.code, report, environment

    return run


def test_what_the_index_serves_is_compared_and_installed(
    server, confirming, make_sdist, make_wheel
):
    files = [make_wheel(requires=["iniconfig"]), make_sdist()]
    for path in files:
        (server.folder / path.name).write_bytes(path.read_bytes())
    hashes = {path.name: sha256(path) for path in files}
    code, report, environment = confirming(server.url, hashes)
    assert (code, report["problems"]) == (0, [])
    assert {file["name"] for file in report["files"]} == hashes.keys()
    published, dependencies = environment.installs
    assert published[-2] == "--requirement"
    name, *allowed = Path(published[-1]).read_text().split()
    assert name == "demo==1.0"
    assert allowed == [f"--hash=sha256:{it}" for it in hashes.values()]
    assert f"published={server.url}/simple/" in published
    assert "--no-deps" in published
    assert dependencies == ("iniconfig",)
    # In variables: arguments are for all to see.
    assert "secret" not in str(environment.installs)
    assert environment.variables["UV_INDEX_PUBLISHED_PASSWORD"] == "secret"


def test_a_file_that_was_not_built_is_told_and_not_compared(
    server, confirming, make_wheel
):
    wheel, rogue = (
        make_wheel(),
        make_wheel({"rogue.py": ""}, file="demo-1.0-9-py3-none-any.whl"),
    )
    for path in (wheel, rogue):
        (server.folder / path.name).write_bytes(path.read_bytes())
    code, report, environment = confirming(
        server.url, {wheel.name: sha256(wheel)}
    )
    assert (code, len(report["files"])) == (0, 1)
    [note] = report["notes"]
    assert f"demo 1.0 that are none of these: {rogue.name}. They were" in note
    listed = Path(environment.installs[0][-1]).read_text()
    assert sha256(rogue) not in listed


def test_an_index_that_states_no_hash_is_installed_from_what_came(
    pages, confirming, make_wheel
):
    wheel = make_wheel()
    pages.at["/simple/demo/"] = html(f'<a href="/f/{wheel.name}">x</a>')
    pages.at[f"/f/{wheel.name}"] = (200, {}, wheel.read_bytes())
    code, _, environment = confirming(pages.url, {wheel.name: sha256(wheel)})
    assert code == 0
    [published] = environment.installs
    assert "--no-index" in published
    assert "--default-index" not in published


def test_a_release_is_found_by_a_version_that_is_equal(
    server, confirming, make_wheel
):
    wheel = make_wheel(version="1.0")
    (server.folder / wheel.name).write_bytes(wheel.read_bytes())
    code, report, _ = confirming(server.url, {}, more=["--version", "1"])
    assert (code, report["files"][0]["name"]) == (0, wheel.name)


def test_a_release_that_shows_late_is_waited_for_by_its_name(
    pages, confirming, make_wheel
):
    wheel = make_wheel()
    listed = html(f'<a href="/f/{wheel.name}">x</a>')
    answers = [html(""), listed]
    pages.at["/simple/demo/"] = lambda _: (
        answers.pop(0) if answers[1:] else listed
    )
    pages.at[f"/f/{wheel.name}"] = (200, {}, wheel.read_bytes())
    code, report, _ = confirming(pages.url, {})
    assert (code, len(report["files"])) == (0, 1)


def test_a_wheel_that_is_none_is_a_problem(pages, confirming):
    name = "demo-1.0-py3-none-any.whl"
    pages.at["/simple/demo/"] = html(f'<a href="/f/{name}">x</a>')
    pages.at[f"/f/{name}"] = (200, {}, b"junk")
    code, report, _ = confirming(pages.url, {})
    assert code == 1
    assert f"{name} is no wheel" in report["problems"][0]


def test_an_sdist_alone_is_installed_as_the_file_that_came(
    server, confirming, make_sdist
):
    sdist = make_sdist()
    (server.folder / sdist.name).write_bytes(sdist.read_bytes())
    _, _, environment = confirming(server.url, {sdist.name: sha256(sdist)})
    [[installed]] = environment.installs
    assert Path(installed).read_bytes() == sdist.read_bytes()


def test_other_or_missing_files_are_problems(server, confirming, make_wheel):
    wheel = make_wheel()
    (server.folder / wheel.name).write_bytes(b"other")
    hashes = {wheel.name: SHA, "demo-1.0.tar.gz": SHA}
    code, report, environment = confirming(server.url, hashes)
    assert code == 1
    assert (
        f"with sha256 {hashlib.sha256(b'other').hexdigest()}, not {SHA}"
        in (report["problems"][0])
    )
    assert report["problems"][1] == "the index does not list demo-1.0.tar.gz"
    assert environment.installs == []


def test_an_install_that_fails_is_a_problem(server, confirming, make_wheel):
    wheel = make_wheel()
    (server.folder / wheel.name).write_bytes(wheel.read_bytes())
    hashes = {wheel.name: sha256(wheel)}
    code, report, _ = confirming(server.url, hashes, fails=True)
    assert code == 1
    said = "uv could not install demo from the index: no such platform"
    assert report["problems"] == [said]


def test_an_index_that_went_away_is_a_problem(confirming):
    code, report, _ = confirming("http://127.0.0.1:9", {"a.whl": SHA})
    assert code == 1
    assert "cannot be reached" in report["problems"][0]


def test_a_file_that_shows_late_is_waited_for(pages):
    answers = [html(""), html('<a href="a.whl">x</a>')]
    pages.at["/a/"] = lambda _: answers.pop(0) if answers[1:] else answers[0]
    patience = Patience(5)
    listing = confirm.wait_for(
        Index(pages.url), "a", lambda it: "a.whl" in it.files, patience
    )
    assert list(listing.files) == ["a.whl"]
    assert len(pages.asked) == 2


def test_the_rehearsals_index_wants_its_password_from_everybody(
    server, monkeypatch
):
    monkeypatch.delenv("INDEX_PASSWORD")
    with pytest.raises(IndexProblemError, match="401"):
        Index(f"{server.url}/simple").files("demo")


def test_the_rehearsals_index_listens_on_the_given_port(monkeypatch, tmp_path):
    served = []
    jobs = tmp_path / "jobs.json"
    jobs.write_text("[]")

    class Server:
        def serve_forever(self):
            served.append("yes")

    def make(host, port, app, kind):
        served.append((host, port, kind))
        return Server()

    monkeypatch.setattr(serve, "make_server", make)
    monkeypatch.setattr(sys, "argv", ["serve.py", "23456", str(jobs)])
    monkeypatch.setenv("INDEX_PASSWORD", "x")
    serve.main()
    assert served == [("", 23456, serve.ThreadingServer), "yes"]
