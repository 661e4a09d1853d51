"""Uploads files to an index, one at a time, with twine's own form encoding.

    INDEX_PASSWORD=… python upload.py --url https://upload.pypi.org/legacy/ \\
        --name demo dist/demo-1.0-py3-none-any.whl dist/demo-1.0.tar.gz

The index is asked first: identical bytes are done, other bytes under a name
stop everything before the first upload. Prints {"simple", "files": [{"name",
"sha256", "outcome", "status", "reason", "seconds"}]}, and, where not all
files are there at the end, an "error" and exit code 1.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import sys
import time
from pathlib import Path

import requests
from twine.exceptions import TwineException
from twine.package import PackageFile
from twine.repository import Repository

from index import Credentials, IndexProblemError, find_index

# What to do about a status, where the server's reason may not say.
ADVICE = {
    401: "Check --token, and --username where the index wants one.",
    403: "Check --token: it must be allowed to upload this project.",
    404: "Check --index: it must be the URL that uploads go to.",
    405: "Check --index: it must be the URL that uploads go to.",
    409: "Other bytes may be there by now: make a new version.",
    413: "The file is larger than the index takes.",
}


class UploadError(Exception):
    """An upload that cannot go on, with the sentence that says why."""


def sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def reason_of(response):
    """The server's own words, from JSON, text or HTML, on one line."""
    try:
        body = response.json()
        words = str(body.get("message") or body.get("title") or body)
    except (ValueError, AttributeError):
        text = re.sub(r"(?s)<(style|script|title).*?</\1>", " ", response.text)
        words = re.sub(r"<[^>]*>", " ", text)
    return " ".join(words.split())[:500] or response.reason or ""


def is_there(index, project, name, digest):
    """Whether the index has the file; other bytes raise UploadError."""
    listed = index.files(project).get(name)
    if listed is None:
        return False
    found = listed.sha256 or index.download(listed, Path(os.devnull))
    if found != digest:
        raise UploadError(
            f"{name} is on the index with other bytes: sha256 {found} there,"
            f" {digest} here. A file name is taken for ever; make a new"
            " version."
        )
    return True


def send(repository, path):
    """Uploads one file; its outcome, HTTP status and the server's reason."""
    package = PackageFile.from_filename(str(path), comment=None)
    try:
        response = repository.upload(package)
    except requests.RequestException as error:
        return {"outcome": "failed", "status": None, "reason": str(error)}
    outcome = "uploaded" if response.status_code < 300 else "refused"
    reason = "" if outcome == "uploaded" else reason_of(response)
    status = response.status_code
    return {"outcome": outcome, "status": status, "reason": reason}


def refusal(url, name, result):
    """The sentence for an upload that did not go through."""
    status = result["status"]
    if status is None:
        return f"The index cannot be reached at {url}: {result['reason']}."
    advice = f" {ADVICE[status]}" if status in ADVICE else ""
    return f"The index refused {name} with {status}: {result['reason']}{advice}"


def upload_all(options, index, repository, results):
    """Uploads what is not there yet; appends to `results` as it goes."""
    paths = {path: sha256(path) for path in options.files}
    missing = [
        path
        for path, digest in paths.items()
        if not is_there(index, options.name, path.name, digest)
    ]
    for path, digest in paths.items():
        result = {"name": path.name, "sha256": digest, "status": None}
        result.update(outcome="already there", reason="", seconds=0.0)
        results.append(result)
        if path not in missing:
            continue
        start = time.monotonic()
        result.update(send(repository, path))
        result["seconds"] = round(time.monotonic() - start, 3)
        if result["outcome"] == "uploaded":
            continue
        # A failed answer may have stored it, or another publish was faster.
        if is_there(index, options.name, path.name, digest):
            result["outcome"] = "already there"
            continue
        raise UploadError(refusal(options.url, path.name, result))


def upload(options):
    """Everything, as one object; "error" in it where it did not end well."""
    credentials = Credentials.of_environment()
    repository = Repository(
        options.url,
        credentials.username or None,
        credentials.password or None,
        disable_progress_bar=True,
    )
    repository.session.headers["Accept"] = "application/json, */*;q=0.1"
    report = {"simple": options.simple, "files": []}
    try:
        index = find_index(options.url, options.simple, credentials)
        report["simple"] = index.simple
        upload_all(options, index, repository, report["files"])
    except (UploadError, IndexProblemError) as error:
        report["error"] = str(error)
    except TwineException as error:
        report["error"] = f"{type(error).__name__}: {error}"
    return report


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--url", required=True)
    parser.add_argument("--simple", default="")
    parser.add_argument("--name", required=True)
    options = parser.parse_args(arguments)
    with contextlib.redirect_stdout(sys.stderr):  # twine prints as it goes
        report = upload(options)
    print(json.dumps(report))
    sys.exit(1 if "error" in report else 0)


if __name__ == "__main__":
    main()
