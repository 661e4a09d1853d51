"""Uploads files to an index, one at a time.

    INDEX_PASSWORD=… python upload.py --url https://upload.pypi.org/legacy/ \\
        --name demo dist/demo-1.0-py3-none-any.whl dist/demo-1.0.tar.gz

The index is asked first: identical bytes are done, other bytes under a name
stop everything before the first upload. Prints {"simple", "files": [{"name",
"sha256", "outcome", "status", "reason", "seconds"}]}, and, where not all
files are there at the end, an "error" and exit code 1.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from pathlib import Path

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


def present(index, project, digests):
    """Names that the index has already, with these bytes.

    Other bytes under one of the names raise UploadError.
    """
    listed = index.files(project)
    names = digests.keys() & listed.keys()
    for name in sorted(names):
        file, expected = listed[name], digests[name]
        found = file.sha256 or index.download(file, Path(os.devnull))
        if found != expected:
            raise UploadError(
                f"{name} is on the index with other bytes: sha256 {found}"
                f" there, {expected} here. A file name is taken for ever; make"
                " a new version."
            )
    return names


def refusal(url, name, result):
    """The sentence for an upload that did not go through."""
    status, reason = result["status"], result["reason"]
    if status is None:
        return f"{name} did not get through to {url}: {reason}."
    advice = f" {ADVICE[status]}" if status in ADVICE else ""
    return f"The index refused {name} with {status}: {reason}.{advice}"


def send_file(options, index, sender, path, digest):
    """Uploads one file; its result. Raises UploadError where it is not in."""
    start = time.monotonic()
    result = sender.send(path)
    if result["outcome"] != "uploaded":
        # A failed answer may have stored it, or another publish was faster.
        if not present(index, options.name, {path.name: digest}):
            raise UploadError(refusal(options.url, path.name, result))
        result["outcome"] = "already there"
    return {**result, "seconds": round(time.monotonic() - start, 3)}


def upload_all(options, index, make_sender, results):
    """Uploads what is not there yet; adds to `results` as it goes."""
    digests = {path.name: sha256(path) for path in options.files}
    done = present(index, options.name, digests)
    sender = make_sender() if len(done) < len(digests) else None
    for path in options.files:
        name, digest = path.name, digests[path.name]
        result = {"name": name, "sha256": digest, "outcome": "already there"}
        result.update(status=None, reason="", seconds=0.0)
        if name not in done:
            result.update(send_file(options, index, sender, path, digest))
        results.append(result)


def upload(options):
    """Everything, as one object; "error" in it where it did not end well."""
    credentials = Credentials.of_environment()

    def make_sender():
        from send import Sender

        return Sender(options.url, credentials)

    report = {"simple": options.simple, "files": []}
    try:
        index = find_index(options.url, options.simple, credentials)
        report["simple"] = index.simple
        upload_all(options, index, make_sender, report["files"])
    except (UploadError, IndexProblemError) as error:
        report["error"] = str(error)
    return report


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--url", required=True)
    parser.add_argument("--simple", default="")
    parser.add_argument("--name", required=True)
    report = upload(parser.parse_args(arguments))
    print(json.dumps(report))
    sys.exit(1 if "error" in report else 0)


if __name__ == "__main__":
    main()
