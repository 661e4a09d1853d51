"""exchange.py and attest.py, against a server that listens."""

import base64
import io
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import Mock

import pytest

import attest
import exchange
from exchange import ExchangeError, Identity, mint, show
from patience import Patience

CLAIMS = {"repository": "ada/demo", "environment": "pypi"}
BODY = base64.urlsafe_b64encode(json.dumps(CLAIMS).encode()).decode()
JWT = f"e30.{BODY.rstrip('=')}.x"


class Pages(BaseHTTPRequestHandler):
    """Answers by path; a list is answered one after the other."""

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        found = self.server.pages.get(self.path.split("?")[0], (404, {}))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, value = found
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A server with the usual three answers."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    made.url = f"http://127.0.0.1:{made.server_address[1]}"
    made.asked = []
    made.pages = {
        "/_/oidc/audience": (200, {"audience": "pypi"}),
        "/token": (200, {"value": JWT}),
        "/_/oidc/mint-token": (200, {"token": "pypi-minted"}),
    }
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def identity(server, query="?api=2"):
    return Identity(f"{server.url}/token{query}", "bearer-secret")


def minting(server, who=None):
    upload = f"{server.url}/legacy/"
    return mint(upload, "demo", who or identity(server), Patience(5), True)


def paths(server):
    return [path for path, _, _ in server.asked]


def test_three_calls_make_a_token(server):
    minted = minting(server)
    assert (minted.token, minted.claims) == ("pypi-minted", CLAIMS)
    assert "pypi-minted" not in repr(minted)
    assert paths(server) == [
        "/.well-known/pytp?discover=%2Flegacy%2F",
        "/_/oidc/audience",
        "/token?api=2&audience=pypi",
        "/_/oidc/mint-token",
    ]
    _, headers, _ = server.asked[2]
    assert headers["Authorization"] == "bearer bearer-secret"
    assert json.loads(server.asked[3][2]) == {"token": JWT}
    sent = [headers.get("Authorization") for _, headers, _ in server.asked]
    assert sent == [None, None, "bearer bearer-secret", None]


def test_a_given_token_is_not_asked_for(server):
    assert minting(server, Identity(id_token=JWT)).token == "pypi-minted"
    assert "/token" not in str(paths(server))


def test_an_index_says_where_it_mints(server):
    server.pages["/.well-known/pytp"] = (
        200,
        {
            "audience-endpoint": f"{server.url}/a",
            "token-mint-endpoint": f"{server.url}/m",
        },
    )
    server.pages["/a"] = (200, {"audience": "private"})
    server.pages["/m"] = (200, {"token": "other"})
    assert minting(server).token == "other"
    assert paths(server)[2] == "/token?api=2&audience=private"


def test_identities_go_to_no_other_host(server):
    there = "https://evil.example/"
    server.pages["/.well-known/pytp"] = (
        200,
        {"audience-endpoint": there, "token-mint-endpoint": there},
    )
    with pytest.raises(ExchangeError, match=r"evil\.example.*nothing was"):
        minting(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("page", [{}, [], {"audience-endpoint": 7}])
def test_a_page_for_people_is_no_discovery(server, page):
    server.pages["/.well-known/pytp"] = (200, page)
    assert minting(server).token == "pypi-minted"


def test_a_fault_of_the_mint_asks_for_a_fresh_identity(server):
    server.pages["/_/oidc/mint-token"] = [
        (503, {}),
        (200, {"token": "pypi-minted"}),
    ]
    assert minting(server).token == "pypi-minted"
    assert sum(path.startswith("/token") for path in paths(server)) == 2


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/_/oidc/audience", (404, {}), "no trusted publishing"),
        ("/_/oidc/audience", (403, {}), "switched off"),
        ("/token", (403, {}), "id-token: write"),
        ("/token", (200, {"value": 7}), "id-token: write"),
        (
            "/_/oidc/mint-token",
            (422, {"errors": [{"code": "invalid-token", "description": "x"}]}),
            "invalid-token: x",
        ),
        ("/_/oidc/mint-token", (422, {"message": "no"}), "422: no"),
        ("/_/oidc/mint-token", (422, {"errors": "none"}), "refuses this"),
    ],
)
def test_a_refusal_is_told_with_what_to_do(server, path, answer, words):
    server.pages[path] = answer
    with pytest.raises(ExchangeError, match=words) as raised:
        minting(server)
    assert JWT not in str(raised.value)
    assert "bearer-secret" not in str(raised.value)


@pytest.mark.parametrize("page", ["/_/oidc/audience", "/_/oidc/mint-token"])
def test_an_answer_without_an_end_is_none(server, page):
    server.pages[page] = (200, {"token": "x" * 100_000})
    upload = f"{server.url}/"
    with pytest.raises(ExchangeError, match=r"cannot be asked at 127"):
        mint(upload, "demo", identity(server), Patience(1), True)


def test_a_server_that_is_not_there_is_told_without_the_url():
    nowhere = Identity("http://127.0.0.1:9/token?secret=x", "t")
    with pytest.raises(ExchangeError, match=r"127\.0\.0\.1:9") as raised:
        exchange.identity_token(nowhere, "pypi")
    assert "secret" not in str(raised.value)
    assert raised.value.fault.kind == "unreachable"


def test_an_identity_is_sent_on_in_plain_to_nobody(monkeypatch):
    request = urllib.request.Request(
        "https://ci:1/token", headers={"Authorization": "bearer secret"}
    )
    opener = Mock()
    opener.open.side_effect = lambda *_, **__: (
        exchange.Redirects().redirect_request(
            request, io.BytesIO(), 302, "", {}, "http://ci:1/token?secret=x"
        )
    )
    job = Identity("https://ci:1/token", "secret")
    monkeypatch.setattr("urllib.request.build_opener", lambda *_: opener)
    with pytest.raises(ExchangeError, match=r"plain http at ci:1") as raised:
        exchange.identity_token(job, "pypi")
    assert "secret" not in str(raised.value)


def test_claims_are_shown_without_minting(server):
    assert show(f"{server.url}/", identity(server, ""), Patience(5)) == CLAIMS
    assert "/token?audience=pypi" in paths(server)
    assert "/_/oidc/mint-token" not in paths(server)


def test_an_identity_comes_from_variables(monkeypatch):
    for name in ("OIDC_REQUEST_URL", "OIDC_REQUEST_TOKEN", "OIDC_ID_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert not Identity.of_environment()
    monkeypatch.setenv("OIDC_REQUEST_URL", "https://x\n")
    assert not Identity.of_environment()
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", "t")
    assert Identity.of_environment().request_url == "https://x"


def test_an_identity_that_is_empty_is_none_and_told(monkeypatch):
    for name in ("OIDC_REQUEST_URL", "OIDC_REQUEST_TOKEN"):
        monkeypatch.setenv(name, " \n")
    with pytest.raises(ExchangeError, match=r"url and .* are empty.*id-token"):
        Identity.of_environment()
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", "t")
    with pytest.raises(ExchangeError, match=r"^--oidc-request-url is empty"):
        Identity.of_environment()


def attested(capsys, tmp_path):
    file = tmp_path / "demo-1.0.tar.gz"
    file.write_bytes(b"x")
    attest.main(["--out", str(tmp_path / "out.json"), str(file)])
    assert json.loads((tmp_path / "out.json").read_text()) == {}
    return json.loads(capsys.readouterr().out)


def test_nothing_is_signed_without_an_identity(
    server, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("OIDC_REQUEST_URL", f"{server.url}/nowhere")
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", "t")
    answer = attested(capsys, tmp_path)
    assert answer["signed"] == []
    assert "id-token: write" in answer["problem"]


def test_a_sigstore_that_does_not_answer_is_told(
    server, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("OIDC_REQUEST_URL", f"{server.url}/token")
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", "t")
    # Nobody listens there: an outage, also where there is a network.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(attest, "SECONDS", 9)
    answer = attested(capsys, tmp_path)
    assert answer["signed"] == []
    assert answer["problem"].startswith("Sigstore cannot sign now (")
    assert JWT not in answer["problem"]
