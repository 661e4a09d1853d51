"""Proves that an index serves what was built, and that it installs.

    python confirm.py --simple https://pypi.org/simple/ --python 3.11 \\
        --name demo --version 1.0 --file demo-1.0.tar.gz=SHA256=SIZE …

Every file is downloaded and its sha256 compared; without --file those that
the index lists are compared with the sha256 that it states. Then the version
is installed from that index alone, by the hashes of the files that were
compared and without dependencies, and what it depends on from PyPI alone:
whoever owns a name on another index, or adds a file to the release, gets
nothing in. With --hash-only nothing is installed, so that no code of anybody's
runs.

Prints {"files", "problems", "notes", "serial", "imported", "versions",
"commands"}; exit code 1 where there are problems.
"""

import argparse
import json
import sys
import tempfile
import time
import zipfile
from email.parser import BytesParser
from pathlib import Path

from environment import InstallError, clean_environment
from index import (
    DOWNLOAD_SECONDS,
    Credentials,
    IndexProblemError,
    find_index,
    trust,
)
from install import try_environment
from patience import GRACE_SECONDS, Patience, ends_within, sending_seconds
from released import released, states, strangers

DOWNLOADS = Path(tempfile.gettempdir()) / "pypi-deploy-confirm"
LONGEST_PAUSE = 5
METADATA = ".dist-info/METADATA"
# Even at the end an honest index may answer.
SHORTEST_READ = 5


def wait_for(index, project, ready, patience):
    """The listing, once `ready(it)`, or the last one before the end.

    An index behind a cache shows a new file late; PyPI's some seconds, with a
    fault in its cache minutes.
    """
    pause = 0.1
    while True:
        listing = patience.patiently(
            lambda: index.listing(project, patience.at_least(SHORTEST_READ))
        )
        if ready(listing) or pause >= patience.left():
            return listing
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def stale(listing):
    """How old a listing says that it is."""
    serial = listing.serial and f" of serial {listing.serial}"
    age = listing.age and f", {listing.age} s old"
    return f" (its listing{serial}{age})" if serial or age else ""


def compare(index, listing, expected, patience, guard):
    """Problems with what the index serves; the files that it serves.

    `expected` has (sha256, size) by name, the size None where not known.
    """
    problems, files = [], []
    for name, (digest, size) in expected.items():
        if name not in listing.files:
            missing = f"the index does not list {name}{stale(listing)}"
            problems.append(missing)
            continue
        file, target = listing.files[name], DOWNLOADS / name
        seconds = max(DOWNLOAD_SECONDS, sending_seconds(size or 0))
        how = (file, target, size, seconds)
        guard.allow(seconds)
        try:
            found = patience.patiently(lambda how=how: index.download(*how))
        except IndexProblemError as error:
            problems.append(str(error))
            continue
        wrong = f"the index serves {name} with sha256 {found}, not {digest}"
        if digest not in (None, found):
            problems.append(wrong)
        size = target.stat().st_size
        files.append(
            {"name": name, "url": file.url, "sha256": found, "size": size}
        )
    return problems, files


def requirements(wheel):
    """What a wheel depends on, as it says itself."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            [metadata] = [
                name
                for name in archive.namelist()
                if name.count("/") == 1 and name.endswith(METADATA)
            ]
            message = BytesParser().parsebytes(archive.read(metadata))
    except (ValueError, zipfile.BadZipFile) as error:
        raise InstallError(f"{wheel.name} is no wheel: {error}.") from None
    return message.get_all("Requires-Dist") or []


def pinned(options, files):
    """A requirement that these files satisfy, by their bytes, and no others."""
    hashes = [f"--hash=sha256:{file['sha256']}" for file in files]
    return " ".join([f"{options.name}=={options.version}", *hashes])


def install_published(environment, options, index, files, stated):
    """Installs the exact version, its dependencies apart from it.

    Of these `files` only, which were compared: from the index, or the very
    downloads where it has not `stated` their hashes, by which uv chooses.
    """
    if index.wants_credentials:
        # uv reads them by the index's name; arguments are for all to see.
        environment.variables.update(
            UV_INDEX_PUBLISHED_USERNAME=index.credentials.username,
            UV_INDEX_PUBLISHED_PASSWORD=index.credentials.password,
        )
    wheels = sorted(DOWNLOADS.glob("*.whl"))
    if not wheels:
        # Its build requirements must come from PyPI: so the file, not a name.
        environment.install(str(next(DOWNLOADS.glob("*.tar.gz"))))
        return
    place = ["--no-index", "--find-links", str(DOWNLOADS)]
    if stated:
        place = ["--default-index", f"published={index.simple}"]
    listed = DOWNLOADS / "requirements.txt"
    listed.write_text(pinned(options, files), encoding="utf-8")
    environment.install(
        *["--no-deps", "--only-binary", ":all:", "--prerelease", "allow"],
        *place,
        *["--refresh-package", options.name],
        *["--requirement", str(listed)],
    )
    needed = requirements(wheels[0])
    if needed:
        environment.install(*needed)


def parse(argument):
    """NAME=SHA256=SIZE."""
    name, digest, size = argument.rsplit("=", 2)
    return name, (digest, int(size))


def look(index, options, patience, guard):
    """Waits for the files, and compares them.

    The report as far as that, and whether the index states all their hashes.
    """
    given = dict(map(parse, options.file))

    def own(listing):
        files = listing.files.values()
        return released(files, options.name, options.version)

    def ready(listing):
        hidden = listing.status != "active"
        return (
            given.keys() <= listing.files.keys()
            if given
            else (hidden or bool(own(listing)))
        )

    listing = wait_for(index, options.name, ready, patience)
    it = f"{options.name} {options.version}"
    expected = given or {
        file.name: (file.sha256, file.size) for file in own(listing)
    }
    problems, notes = states(listing, options.version, expected)
    if not expected and not problems:
        problems.append(f"the index has no files of {it}{stale(listing)}")
    notes += strangers(it, own(listing), expected)
    found, files = compare(index, listing, expected, patience, guard)
    report = {"files": files, "problems": problems + found, "notes": notes}
    report.update(simple=index.simple, serial=listing.serial)
    return report, all(listing.files[it["name"]].sha256 for it in files)


def confirm(options):
    """Everything, as one object."""
    trust()
    patience = Patience(options.deadline)
    credentials = Credentials.of_environment()
    longest = options.deadline + GRACE_SECONDS
    try:
        with ends_within(longest, "The confirmation") as guard:
            index = patience.patiently(
                lambda: find_index(options.url, options.simple, credentials)
            )
            report, stated = look(index, options, patience, guard)
    except IndexProblemError as error:
        return {"files": [], "problems": [str(error)], "notes": []}
    if report["problems"] or options.hash_only:
        return report
    with clean_environment(options.python) as environment:
        try:
            files = report["files"]
            install_published(environment, options, index, files, stated)
        except InstallError as error:
            what = f"uv could not install {options.name} from the index"
            return {**report, "problems": [f"{what}: {error}"]}
        return {**report, **try_environment(environment, options.name)}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--simple", default="")
    parser.add_argument("--python", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--hash-only", action="store_true")
    parser.add_argument("--deadline", type=float, default=60)
    DOWNLOADS.mkdir(exist_ok=True)
    report = confirm(parser.parse_args(arguments))
    print(json.dumps(report))
    sys.exit(1 if report["problems"] else 0)


if __name__ == "__main__":
    main()
