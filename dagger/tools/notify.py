"""Posts one message to a webhook.

The message is JSON on stdin, the webhook's URL in WEBHOOK_URL, for it is a
secret. Prints {"outcome": "sent"}, or {"outcome": "failed", "reason":
SENTENCE}; exits with 0 either way, as a message that is lost is no failure of
what it tells of. Standard library only.

    python notify.py --seconds 60
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 15
# For the words of a refusal, whose status is known by then.
BODY_SECONDS = 3
FIRST_PAUSE_SECONDS = 1
# A body that says why is a line or a small object.
LONGEST_REASON = 200


class Refused(Exception):  # noqa: N818 - it is an answer
    """An answer other than success; `pause` where it may be asked again."""

    def __init__(self, reason, pause=None):
        super().__init__(reason)
        self.pause = pause


def number(value):
    """Seconds in a header or a body; None where there are none."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if seconds >= 0 else None


def pause_of(headers, body):
    """How long a rate limit asks to wait, in seconds.

    Slack says it in Retry-After, Discord there and, to the millisecond, in
    the body.
    """
    try:
        said = json.loads(body).get("retry_after")
    except (AttributeError, ValueError):
        said = None
    found = number(said)
    return found if found is not None else number(headers.get("Retry-After"))


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are refusals: followed, a POST becomes a GET, and is lost."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirects)


@contextlib.contextmanager
def within(seconds):
    """Ends what is done inside after so long, however slowly it goes on.

    A socket's own timeout begins anew with each byte.
    """

    def late(*_):
        raise TimeoutError(f"no whole answer in {seconds:g} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def body_of(error):
    """What an answer says; empty where it does not come to an end."""
    try:
        with within(BODY_SECONDS):
            return error.read(10_000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""


def is_url(text):
    """Whether a text is a URL that can be posted to."""
    try:
        parts = urllib.parse.urlsplit(text)
        whole = parts.hostname and parts.port != 0
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return bool(whole and plain and parts.scheme in ("http", "https"))


def post(url, message, seconds=TIMEOUT_SECONDS):
    """Posts once."""
    request = urllib.request.Request(
        url,
        data=json.dumps(message).encode(),
        headers={
            "Content-Type": "application/json",
            # Discord refuses the library's own name.
            "User-Agent": "pypi-deploy",
        },
    )
    try:
        with within(seconds), OPENER.open(request, timeout=TIMEOUT_SECONDS):
            return
    except urllib.error.HTTPError as error:
        body = body_of(error)
        said = " ".join(body.split())[:LONGEST_REASON]
        reason = f"it answers {error.code}" + (f": {said}" if said else "")
        if 300 <= error.code < 400:
            reason = (
                f"it answers {error.code}, a redirect, and a message sent on"
                " is lost: put the URL that it leads to into the secret"
            )
        if error.code == 429:
            pause = pause_of(error.headers, body)
            raise Refused(
                reason, FIRST_PAUSE_SECONDS if pause is None else pause
            ) from None
        again = FIRST_PAUSE_SECONDS if error.code >= 500 else None
        raise Refused(reason, again) from None
    except ValueError:
        # Of the host's name: its words may hold the URL.
        raise Refused("its secret holds no URL") from None
    except (OSError, ssl.SSLError, http.client.HTTPException) as error:
        # The words of these errors hold no URL.
        late = str(error) if isinstance(error, TimeoutError) else None
        reason = getattr(error, "reason", late) or type(error).__name__
        raise Refused(
            f"it cannot be reached: {reason}", FIRST_PAUSE_SECONDS
        ) from None


def deliver(url, message, seconds, sleep=time.sleep, now=time.monotonic):
    """Posts until it is taken, refused for good, or the time is over."""
    end = now() + seconds
    for attempt in range(1000):
        try:
            post(url, message, max(1, min(TIMEOUT_SECONDS, end - now())))
        except Refused as refused:
            if refused.pause is None:
                return {"outcome": "failed", "reason": str(refused)}
            # Twice as long each time, and never shorter than was asked for.
            pause = max(refused.pause, FIRST_PAUSE_SECONDS * 2**attempt / 2)
            if now() + pause > end:
                reason = f"{refused}, and {seconds:g} s are over"
                return {"outcome": "failed", "reason": reason}
            sleep(pause)
        else:
            return {"outcome": "sent"}
    raise AssertionError("pauses grow, so that the time is over before")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    url = os.environ["WEBHOOK_URL"].strip()
    if not is_url(url):
        answer = {"outcome": "failed", "reason": "its secret holds no URL"}
    else:
        answer = deliver(url, json.load(sys.stdin), options.seconds)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
