"""Posts files to an index, with twine's own form encoding.

Apart from upload.py because importing twine takes longer than to ask an index
what it has: a publish that finds everything there does without.
"""

import contextlib
import html
import re
import sys

import requests
from twine.exceptions import TwineException
from twine.package import PackageFile
from twine.repository import Repository


def reason_of(response):
    """The server's own words, from JSON, text or HTML, on one line."""
    try:
        body = response.json()
        words = str(body.get("message") or body.get("title") or body)
    except (ValueError, AttributeError):
        text = re.sub(r"(?s)<(style|script|title).*?</\1>", " ", response.text)
        words = html.unescape(re.sub(r"<[^>]*>", " ", text))
    said = " ".join(words.split())[:500] or response.reason or "no reason given"
    return said.rstrip(".")


class Sender:
    """Posts to one index; credentials come with every request."""

    def __init__(self, url, credentials):
        self.repository = Repository(
            url,
            credentials.username or None,
            credentials.password or None,
            disable_progress_bar=True,
        )
        # Ask for the reason as JSON, which PyPI and devpi have.
        accept = "application/json, */*;q=0.1"
        self.repository.session.headers["Accept"] = accept

    def send(self, path):
        """Uploads one file; its outcome, HTTP status, the server's reason."""
        try:
            with contextlib.redirect_stdout(sys.stderr):  # twine prints
                package = PackageFile.from_filename(str(path), comment=None)
                response = self.repository.upload(package)
        except (requests.RequestException, TwineException) as error:
            return {"outcome": "failed", "status": None, "reason": str(error)}
        status = response.status_code
        if status < 300:
            return {"outcome": "uploaded", "status": status, "reason": ""}
        reason = reason_of(response)
        return {"outcome": "refused", "status": status, "reason": reason}
