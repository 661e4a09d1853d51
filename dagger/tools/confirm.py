"""Proves that an index serves what was built, and that it installs.

    python confirm.py --simple https://pypi.org/simple/ --python 3.11 \\
        --name demo --version 1.0 --file demo-1.0.tar.gz=SHA256=SIZE …

Every file is downloaded and its sha256 compared; without --file those that
the index lists are compared with the sha256 that it states. Then the version
is installed from that index alone, without dependencies, and what it depends
on from PyPI alone: whoever owns a name on another index gets nothing in. With
--hash-only nothing is installed, so that no code of anybody's runs.

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
from patience import Patience, ends_within
from released import released, states

DOWNLOADS = Path(tempfile.gettempdir()) / "pypi-deploy-confirm"
LONGEST_PAUSE = 5
# Even at the end an honest index may answer.
SHORTEST_READ = 5


def wait_for(index, project, names, patience):
    """The listing, once all names are in it, or the last one before the end.

    An index behind a cache shows a new file late; PyPI's some seconds, with a
    fault in its cache minutes.
    """
    pause = 0.1
    while True:
        listing = patience.patiently(
            lambda: index.listing(project, patience.at_least(SHORTEST_READ))
        )
        if names <= listing.files.keys() or pause >= patience.left():
            return listing
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def stale(listing):
    """How old a listing says that it is."""
    serial = listing.serial and f" of serial {listing.serial}"
    age = listing.age and f", {listing.age} s old"
    return f" (its listing{serial}{age})" if serial or age else ""


def compare(index, listing, expected, patience):
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
        try:
            found = patience.patiently(
                lambda file=file, target=target, size=size: index.download(
                    file, target, size
                )
            )
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
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [
            name
            for name in archive.namelist()
            if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
        ]
        message = BytesParser().parsebytes(archive.read(metadata))
    return message.get_all("Requires-Dist") or []


def install_published(environment, options, index):
    """Installs the exact version, its dependencies apart from it."""
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
    environment.install(
        *["--no-deps", "--only-binary", ":all:", "--prerelease", "allow"],
        *["--default-index", f"published={index.simple}"],
        *["--refresh-package", options.name],
        f"{options.name}=={options.version}",
    )
    needed = requirements(wheels[0])
    if needed:
        environment.install(*needed)


def parse(argument):
    """NAME=SHA256=SIZE."""
    name, digest, size = argument.rsplit("=", 2)
    return name, (digest, int(size))


def look(index, options, patience):
    """Waits for the files, and compares them: the report as far as that."""
    expected = dict(map(parse, options.file))
    listing = wait_for(index, options.name, expected.keys(), patience)
    if not expected:
        own = released(listing.files.values(), options.name, options.version)
        expected = {file.name: (file.sha256, file.size) for file in own}
    problems, notes = states(listing, options.version, expected)
    if not expected and not problems:
        it = f"{options.name} {options.version}"
        problems.append(f"the index has no files of {it}{stale(listing)}")
    found, files = compare(index, listing, expected, patience)
    report = {"files": files, "problems": problems + found, "notes": notes}
    return {**report, "simple": index.simple, "serial": listing.serial}


def confirm(options):
    """Everything, as one object."""
    trust()
    patience = Patience(options.deadline)
    credentials = Credentials.of_environment()
    # What was found may be large, and come slowly.
    longest = options.deadline + DOWNLOAD_SECONDS
    try:
        with ends_within(longest, "The confirmation"):
            index = patience.patiently(
                lambda: find_index(options.url, options.simple, credentials)
            )
            report = look(index, options, patience)
    except IndexProblemError as error:
        return {"files": [], "problems": [str(error)], "notes": []}
    if report["problems"] or options.hash_only:
        return report
    with clean_environment(options.python) as environment:
        try:
            install_published(environment, options, index)
        except InstallError:
            problem = f"uv could not install {options.name} from the index"
            return {**report, "problems": [problem]}
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
