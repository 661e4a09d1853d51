"""notify.py: what is tried again, how long, and what is said of it."""

import io
import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import notify
from notify import deliver, pause_of


@pytest.fixture
def webhook():
    """A server with its answers, (status, headers, body), and what it got."""

    class Handler(BaseHTTPRequestHandler):
        answers, got = [], []

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            self.got.append(json.loads(self.rfile.read(length)))
            status, headers, body = self.answers.pop(0)
            self.send_response(status)
            for header in headers.items():
                self.send_header(*header)
            self.end_headers()
            # A body is text, or the pieces of one that drips.
            for piece in [body] if isinstance(body, str) else body:
                self.wfile.write(piece.encode())

        def do_GET(self):
            self.got.append("GET")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.url = f"http://127.0.0.1:{server.server_port}/canary"
    yield Handler
    server.shutdown()
    server.server_close()


def delivered(webhook, *answers, seconds=60):
    webhook.answers.extend(answers)
    pauses = []
    clock = lambda: sum(pauses)  # noqa: E731
    message = {"text": "hi"}
    return deliver(webhook.url, message, seconds, pauses.append, clock), pauses


def test_a_message_is_sent_once(webhook):
    assert delivered(webhook, (204, {}, "")) == ({"outcome": "sent"}, [])
    assert webhook.got == [{"text": "hi"}]


def test_rate_limits_are_waited_for_as_long_as_they_say(webhook):
    done, pauses = delivered(
        webhook,
        (429, {"Retry-After": "7"}, ""),
        (429, {"Retry-After": "9"}, '{"retry_after": 8.25}'),
        (429, {}, "[]"),
        (200, {}, "ok"),
    )
    assert done == {"outcome": "sent"}
    assert pauses == [7, 8.25, 2]


def test_server_errors_are_tried_again_until_the_time_is_over(webhook):
    done, pauses = delivered(
        webhook, *[(503, {}, "no\n upstream")] * 9, seconds=10
    )
    assert pauses == [1, 1, 2, 4]
    assert done == {
        "outcome": "failed",
        "reason": "it answers 503: no upstream, and 10 s are over",
    }


def test_a_refusal_is_final_and_names_no_url(webhook):
    done, pauses = delivered(webhook, (404, {}, "no_service"))
    assert pauses == []
    assert done["reason"] == "it answers 404: no_service"


def test_a_server_that_is_not_there_is_said_so():
    url = "http://127.0.0.1:9/canary"
    done = deliver(url, {}, 0)
    assert done["outcome"] == "failed"
    assert "canary" not in done["reason"]
    assert "cannot be reached" in done["reason"]


def test_a_redirect_is_no_delivery(webhook):
    done, pauses = delivered(webhook, (302, {"Location": "/other"}, ""))
    assert done["outcome"] == "failed"
    assert done["reason"].startswith("it answers 302, a redirect")
    assert webhook.got == [{"text": "hi"}]
    assert pauses == []


def dripping():
    for _ in range(20):
        time.sleep(0.05)
        yield "."


def test_an_answer_that_drips_is_not_waited_for(webhook, monkeypatch):
    monkeypatch.setattr(notify, "BODY_SECONDS", 0.2)
    done, _ = delivered(webhook, (400, {}, dripping()))
    assert done == {"outcome": "failed", "reason": "it answers 400"}
    late = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{late.getsockname()[1]}/canary"
    with late, pytest.raises(
        notify.Refused, match=r"no whole answer in 0\.2 s"
    ):
        notify.post(url, {}, 0.2)


def test_pauses_are_numbers_or_none():
    assert pause_of({}, "") is None
    assert pause_of({"Retry-After": "soon"}, "{}") is None
    assert pause_of({"Retry-After": "-1"}, "{}") is None


@pytest.mark.parametrize(
    "url",
    [
        *["canary", "ftp://canary", "https://", "http://[", "http://a:b/"],
        *["https://canary/é", "https://canary/a b", "http://a..b/"],
    ],
)
def test_it_exits_with_0_whatever_happens(url, monkeypatch, capsys):
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setattr(sys, "stdin", io.StringIO("{}"))
    notify.main([])
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"outcome": "failed", "reason": "its secret holds no URL"}


def test_it_reads_the_message_from_stdin(webhook, monkeypatch, capsys):
    webhook.answers.append((200, {}, "ok"))
    monkeypatch.setenv("WEBHOOK_URL", f"{webhook.url}\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"a": 1}'))
    notify.main([])
    assert json.loads(capsys.readouterr().out) == {"outcome": "sent"}
    assert webhook.got == [{"a": 1}]
