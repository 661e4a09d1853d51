"""serve.py, identities.py, admission.py and rehearse.py: the real server."""

import hashlib
import json
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests

import exchange
import rehearse
import serve
from admission import refusals
from identities import Identities, RefusedError
from patience import Patience

PASSWORD = "its-own-password"
CLAIMS = {
    "repository": "ada/demo",
    "job_workflow_ref": "ada/demo/.github/workflows/release.yml@refs/heads/m",
    "environment": "pypi",
}
NOT_FOUND = "Publisher with matching claims was not found"
PYPI = "https://upload.pypi.org/legacy/"


def job(refusal="", claims=CLAIMS):
    return {"claims": claims, "refusal": refusal}


JOBS = [job(), job(NOT_FOUND), job(claims=None)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def url(tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()
    app = serve.rehearsal_app(folder, PASSWORD, JOBS)
    server = make_server(
        "127.0.0.1", 0, app, serve.ThreadingServer, handler_class=Quiet
    )
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def identity(url, number=0):
    return exchange.Identity(f"{url}actions/{number}/id-token", PASSWORD)


def upload(url, path, token=PASSWORD, **fields):
    form = {":action": "file_upload", **fields}
    with path.open("rb") as content:
        return requests.post(
            url, form, auth=("__token__", token), files={"content": content}
        )


def test_a_job_gets_a_token_that_uploads(url, make_wheel):
    wheel = make_wheel()
    minted = exchange.mint(url, "demo", identity(url), Patience(5), True)
    assert minted.claims["environment"] == "pypi"
    sent = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert upload(url, wheel, minted.token, sha256_digest=sent).ok
    assert upload(url, wheel, "pypi-other").status_code == 403
    page = requests.get(f"{url}simple/demo/", auth=("x", PASSWORD)).text
    assert wheel.name in page
    assert requests.get(f"{url}simple/demo/").status_code == 401


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "no corresponding publisher (Publisher with matching claims"),
        (1, "registered at https://pypi.org/manage/project/demo/settings"),
        (1, "workflow_filename: release.yml"),
        (2, "permissions: id-token: write"),
        (3, "permissions: id-token: write"),
    ],
)
def test_a_job_that_gets_none_is_told_why(url, number, words):
    with pytest.raises(exchange.ExchangeError) as raised:
        who = identity(url, number)
        exchange.mint(url, "demo", who, Patience(5), True, PYPI)
    assert words in str(raised.value)


def test_an_identity_is_for_who_has_the_password(url):
    other = exchange.Identity(f"{url}actions/0/id-token", "another")
    with pytest.raises(exchange.ExchangeError, match="answers 401"):
        exchange.mint(url, "demo", other, Patience(5), True)


@pytest.mark.parametrize("body", ['{"token": 7}', "[]", '{"token": "a.b.c"}'])
def test_what_is_no_identity_token_is_refused(url, body):
    kind = {"Content-Type": "application/json"}
    answer = requests.post(f"{url}_/oidc/mint-token", body, headers=kind)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "invalid-payload"


def test_every_job_is_rehearsed(url, capsys, monkeypatch):
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", PASSWORD)
    uploads = ["--upload", PYPI] * len(JOBS)
    rehearse.main(["--url", url, "--name", "demo", *uploads])
    first, second, third = json.loads(capsys.readouterr().out)["refusals"]
    assert first == ""
    assert NOT_FOUND in second
    assert "id-token: write" in third


def test_an_index_that_is_not_there_is_no_refusal(capsys, monkeypatch):
    monkeypatch.setenv("OIDC_REQUEST_TOKEN", PASSWORD)
    monkeypatch.setattr(rehearse, "PATIENCE_SECONDS", 0)
    url = "http://127.0.0.1:9/"
    with pytest.raises(SystemExit):
        rehearse.main(["--url", url, "--name", "demo", "--upload", PYPI])
    assert "127.0.0.1:9" in json.loads(capsys.readouterr().out)["error"]


def refused(identities, token):
    with pytest.raises(RefusedError) as raised:
        identities.mint(token)
    return raised.value.code


def test_identity_tokens_count_once_in_time_and_for_this_index():
    now = [1000.0]
    identities = Identities(JOBS, lambda: now[0])
    token = identities.identity(0, "pypi")
    minted = identities.mint(token)
    assert identities.takes(minted)
    assert refused(identities, token) == "invalid-reuse-token"
    other = identities.identity(0, "testpypi")
    assert refused(identities, other) == "invalid-token"
    foreign = Identities(JOBS, lambda: now[0]).identity(0, "pypi")
    assert refused(identities, foreign) == "invalid-token"
    late = identities.identity(0, "pypi")
    now[0] += 301
    assert refused(identities, late) == "invalid-token"
    now[0] += 900
    assert not identities.takes(minted)
    assert identities.identity(-1, "pypi") is None
    own = "eyJpc3MiOiAieCJ9"  # {"iss": "x"}
    assert refused(identities, f"e30.{own}.x") == "invalid-payload"


def test_an_upload_is_refused_as_pypi_would(url, make_wheel):
    wheel = make_wheel(fields=["Classifier: Nonsense :: 1"])
    answer = upload(url, wheel)
    assert answer.status_code == 400
    assert "'Nonsense :: 1' is not a valid classifier" in answer.text
    assert answer.json()["code"].startswith("400 ")
    page = requests.get(f"{url}simple/demo/", auth=("x", PASSWORD))
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"version": "1.0+local"}, "no local versions"),
        ({"name": "json"}, "standard library"),
        ({"replace": {"Summary": "x" * 513}}, "513 characters"),
        ({"fields": ["Requires-Dist: x @ https://x.org"]}, "direct depend"),
        ({"fields": ["Project-URL: no url"]}, "Project-URL"),
        ({"fields": ["Author-email: A <nobody>"]}, "no valid e-mail"),
    ],
)
def test_refusals_that_a_file_shows(make_wheel, named, words):
    found = refusals(make_wheel(**named), "", [])
    assert words in " ".join(found)


def test_refusals_that_a_name_or_the_bytes_show(make_wheel, make_sdist):
    wheel = make_wheel()
    assert refusals(wheel, "", []) == []
    assert "digest" in refusals(wheel, "0" * 64, [])[0]
    other = wheel.rename(wheel.with_name("demo-2.0-py3-none-any.whl"))
    assert "says 2.0" in " ".join(refusals(other, "", []))
    broken = other.with_name("demo-1.0-py3-none-any.whl")
    broken.write_bytes(b"no zip")
    other.unlink()
    assert "Invalid distribution file." in refusals(broken, "", [])[0]
    broken.unlink()
    sdist = make_sdist()
    assert refusals(sdist, "", ["demo-1.0-py3-none-any.whl"]) == []
    assert "one sdist" in refusals(sdist, "", ["Demo-1.0.tar.gz"])[0]
