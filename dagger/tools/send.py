"""Posts files to an index, with twine's own form encoding.

Apart from upload.py because importing twine takes longer than to ask an index
what it has: a publish that finds everything there does without.
"""

import contextlib
import html
import json
import re
import threading
import time
from dataclasses import replace

import requests
from requests.adapters import HTTPAdapter
from twine.exceptions import TwineException
from twine.package import PackageFile
from twine.repository import Repository

from faults import Fault, has_expired
from index import has_answered, kind_of
from patience import GRACE_SECONDS, sending_seconds

CONNECT_SECONDS = 15
# A server looks at a large file for longer before it answers.
ANSWER_SECONDS = 30
BYTES_A_SECOND = 1_000_000
# What the systems in between hold back of what counts as sent.
BUFFERED = 4 * 1024 * 1024
# What is sent at a time: each piece costs Python and TLS the same work.
PIECE = 64 * 1024
# What is read of an answer: its reason, not a file.
LARGEST_ANSWER = 64 * 1024


def answer_seconds(size):
    """How long an answer to a file of this size is waited for."""
    held = sending_seconds(min(size, BUFFERED))
    return ANSWER_SECONDS + size / BYTES_A_SECOND + held


class Once(HTTPAdapter):
    """Sends once, for as long as it goes on, and waits for its answer.

    The deadline is for faults, and for no upload that gets through.
    """

    def __init__(self):
        super().__init__()  # without retries

    def init_poolmanager(self, *sizes, **options):
        super().init_poolmanager(*sizes, blocksize=PIECE, **options)

    def send(self, request, **how):
        size = int(request.headers.get("Content-Length", 0))
        how.update(timeout=(CONNECT_SECONDS, answer_seconds(size)))
        return super().send(request, **how)


def read_body(response, seconds=CONNECT_SECONDS):
    """The first bytes of an answer: it may be huge, endless, or break off."""
    end, body = time.monotonic() + seconds, b""
    with contextlib.suppress(requests.RequestException):
        for piece in response.iter_content(8192):
            body += piece
            if len(body) > LARGEST_ANSWER or time.monotonic() > end:
                break
    return body.decode("utf-8", "replace")


def reason_of(body, line):
    """The server's own words, from JSON, text or HTML, on one line.

    `line` is the reason of the status line, which HTTP/2 has not.
    """
    try:
        answer = json.loads(body)
        code = re.match(r"\d{3} (.+)", str(answer.get("code")), re.DOTALL)
        # PyPI's message has a preamble; the code has the reason alone.
        said = code[1] if code else answer.get("message")
        words = str(said or answer.get("title") or answer)
    except (ValueError, AttributeError):
        text = re.sub(r"(?s)<(style|script|title).*?</\1>", " ", body)
        words = html.unescape(re.sub(r"<[^>]*>", " ", text))
    said = " ".join(words.split())[:500] or line or "no reason given"
    return said.rstrip(".")


class Sender:
    """Posts to one index; a session for each thread.

    `credentials()` gives those to send with every request, and to this URL
    alone: twine follows no redirect. `renewed(credentials)` is whether there
    are others in place of those that have expired.
    """

    def __init__(
        self, url, credentials, guard, attestations=None, renewed=None
    ):
        self.url, self.credentials, self.renewed = url, credentials, renewed
        self.guard = guard
        self.attestations = attestations or {}
        self._own = threading.local()

    def _repository(self):
        credentials = self.credentials()
        if getattr(self._own, "credentials", None) != credentials:
            repository = Repository(
                self.url,
                credentials.username or None,
                credentials.password or None,
                disable_progress_bar=True,
            )
            session = repository.session
            for scheme in ("http://", "https://"):
                session.mount(scheme, Once())
            session.stream = True  # read_body reads, and not all
            # Ask for the reason as JSON, which PyPI and devpi have.
            session.headers["Accept"] = "application/json, */*;q=0.1"
            self._own.repository = repository
            self._own.credentials = credentials
        return self._own.repository

    def send(self, path, digest):
        """Uploads one file; None where it is in, else the fault."""
        try:
            package = PackageFile.from_filename(str(path), comment=None)
            found = package.sha2_digest
            if found != digest:  # what is uploaded is what was verified
                reason = f"its sha256 is {found}, not {digest}"
                return Fault(None, reason, "unfit")
            # As twine's own --attestations sets them, from a file each.
            package.attestations = self.attestations.get(path.name)
            repository, size = self._repository(), path.stat().st_size
            self.guard.allow(answer_seconds(size) + GRACE_SECONDS, size)
            response = repository.upload(package, max_redirects=1)
        except requests.RequestException as error:
            return Fault(None, str(error), kind_of(error, self.url))
        except TwineException as error:
            return Fault(None, str(error), "unfit")
        has_answered(self.url)
        with response:
            status = response.status_code
            if status < 300:
                if response.headers.get("Content-Length") == "0":
                    # Read to its end, the connection serves the next file.
                    response.content  # noqa: B018
                return None
            after = response.headers.get("Retry-After", "")
            reason = reason_of(read_body(response), response.reason)
            where = response.headers.get("Location")
            if where and 300 <= status < 400:
                reason = f"it sends elsewhere, to {where}"
            fault = Fault(status, reason, "", after)
            renewable = self.renewed is not None and has_expired(fault)
            if renewable and self.renewed(self._own.credentials):
                return replace(fault, kind="renewed")
            return fault
