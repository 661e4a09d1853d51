"""Uploads files to an index: the first alone, then four at once.

    INDEX_PASSWORD=… python upload.py --url https://upload.pypi.org/legacy/ \\
        --name demo --file dist/demo-1.0-py3-none-any.whl=SHA256 …

Before each file the index is asked: identical bytes are done, other bytes
under a name stop everything. After a fault it is asked again, since the file
may be there all the same, and what passes by itself is waited out until
--deadline. Prints {"simple", "claims", "files": [{"name", "sha256",
"outcome", "attempts", "faults", "seconds"}]}, and, where not all files are
there at the end, an "error" and exit code 1.
"""

import argparse
import contextlib
import json
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from exchange import ExchangeError, Identity, show
from faults import in_doubt
from index import (
    Credentials,
    IndexProblemError,
    check_simple,
    find_index,
    trust,
)
from minted import minted_credentials
from patience import GRACE_SECONDS, Patience, ends_within
from refusals import advice
from shelf import OtherBytesError, Shelf

AT_ONCE = 4
GIVEN_UP = "timeout: it was under way when all was given up, and may be there"


class UploadError(Exception):
    """An upload that cannot go on, with the sentence that says why."""


# Outcomes of files that are on the index.
THERE = ("uploaded", "already there")
# What stops an upload, and says why.
PROBLEMS = (UploadError, OtherBytesError, IndexProblemError, ExchangeError)


@dataclass
class File:
    """One file to be uploaded, and what became of it."""

    path: Path
    sha256: str
    outcome: str = ""
    attempts: int = 0
    # What went wrong on the way, in the index's words.
    faults: list = field(default_factory=list)
    seconds: float = 0.0
    # Whether an attempt is under way.
    sending: bool = False

    @property
    def name(self):
        return self.path.name

    def report(self):
        named = ("name", "sha256", "outcome", "attempts", "faults", "seconds")
        return {name: getattr(self, name) for name in named}


def refusal(url, file, fault):
    """The sentence for an upload that did not go through."""
    tried = f" after {file.attempts} attempts" if file.attempts > 1 else ""
    if fault.status is None:
        said = f"{file.name} did not get through to {url}{tried}"
    else:
        said = f"The index refused {file.name} with {fault.status}{tried}"
    to_do = advice(fault.status, fault.reason, fault.kind)
    return f"{said}: {fault.reason}.{to_do and ' '}{to_do}"


def send_file(url, file, shelf, sender, patience):
    """Uploads one file, unless it is there; raises UploadError."""
    start, met, faults = time.monotonic(), Counter(), []
    while not file.outcome:
        # What was sent in vain may be there: then an old listing is no answer.
        if shelf.has(file.name, file.sha256, fresh=bool(faults)):
            file.outcome = "already there"
            break
        # A name that is taken is waited for, and not sent again.
        if not faults or faults[-1].kind != "stored":
            fault = attempt(file, sender, patience)
            if fault is None:
                file.outcome = "uploaded"
                break
            faults.append(in_doubt(fault, faults))
            if shelf.has(file.name, file.sha256, fresh=True):
                file.outcome = "already there"
                break
        if not patience.outlasts(faults[-1], met):
            raise UploadError(refusal(url, file, faults[-1]))
    file.seconds = round(time.monotonic() - start, 3)


def attempt(file, sender, patience):
    """Sends a file once; the fault, or None. What goes well costs nothing."""
    left = patience.left()
    file.attempts += 1
    file.sending = True
    fault = sender.send(file.path, file.sha256)
    if fault is None:
        patience.keep(left)
    else:
        file.faults.append(f"{fault.status or fault.kind}: {fault.reason}")
    file.sending = False
    return fault


def upload_all(files, send):
    """The first alone, as it makes the release, then four at once.

    After a problem no other file is begun; all problems are told.
    """
    problems, stop = [], threading.Event()

    def one(file):
        if stop.is_set():
            return
        try:
            send(file)
        except PROBLEMS as error:
            stop.set()
            problems.append(str(error))

    first, *rest = files
    one(first)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, rest))
    if problems:
        raise UploadError("\n".join(dict.fromkeys(problems)))


def credentials_for(options, identity, patience, exists, report):
    """What gives the token, given or minted, and another once it expired."""
    if not identity:
        return Credentials.of_environment, None
    credentials = minted_credentials(options, identity, patience, exists)
    report["claims"] = credentials.minted.claims
    return credentials, credentials.renewed


def run(options, report, guard):
    """Uploads what is not there yet, and notes in `report` how it went."""
    trust()
    patience = Patience(options.deadline)
    identity = Identity.of_environment()
    reader = Credentials.of_environment()
    index = patience.patiently(
        lambda: find_index(options.url, options.simple, reader)
    )
    report["simple"] = index.simple
    files = [File(*parse(it)) for it in options.file]
    shelf = Shelf(index, options.name, patience)
    missing = []
    for file in files:
        if shelf.has(file.name, file.sha256):
            file.outcome = "already there"
        else:
            missing.append(file)
    exists = bool(shelf.listed())
    if options.simple and not exists:
        check_simple(index, options.url)
    report["files"] = files
    if options.dry_run:
        for file in missing:
            file.outcome = "would be uploaded"
        if identity:
            report["claims"] = show(options.url, identity, patience)
        return
    if not missing:
        return
    credentials, renewed = credentials_for(
        options, identity, patience, exists, report
    )
    from send import Sender

    signed = options.attestations and json.loads(
        options.attestations.read_text(encoding="utf-8")
    )
    sender = Sender(options.url, credentials, guard, signed, renewed)
    upload_all(
        missing,
        lambda file: send_file(options.url, file, shelf, sender, patience),
    )


def parse(argument):
    """PATH=SHA256."""
    path, _, sha256 = argument.rpartition("=")
    return Path(path), sha256


def as_told(report, error=""):
    """What is printed: the files, and where there is one the error."""
    files = list(report["files"])
    told = {**report, "files": [file.report() for file in files]}
    there = [it.name for it in files if it.outcome in THERE]
    some = (
        f"\nThe index has {', '.join(there)} of this release by now. The"
        " same publish goes on from there."
    )
    if error:
        told["error"] = error + (some if there else "")
    return told


def given_up(report, error):
    """The same where nothing moves: files may be under way."""
    for file in report["files"]:
        if file.sending:
            file.faults.append(GIVEN_UP)
    return as_told(report, error)


def upload(options, report, guard):
    """Everything, as one object; "error" in it where it did not end well."""
    try:
        run(options, report, guard)
    except PROBLEMS as error:
        return as_told(report, str(error))
    return as_told(report)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", action="append", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--simple", default="")
    parser.add_argument("--name", required=True)
    parser.add_argument("--deadline", type=float, default=240)
    parser.add_argument("--attestations", type=Path)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args(arguments)
    # twine prints; one redirection for all threads, before there are any.
    longest = options.deadline + GRACE_SECONDS
    report = {"simple": options.simple, "claims": {}, "files": []}
    quiet = contextlib.redirect_stdout(sys.stderr)
    guarded = ends_within(
        longest, "The upload", lambda said: given_up(report, said)
    )
    with quiet, guarded as guard:
        told = upload(options, report, guard)
    print(json.dumps(told))
    sys.exit(1 if "error" in told else 0)


if __name__ == "__main__":
    main()
