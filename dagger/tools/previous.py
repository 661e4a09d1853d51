"""The sizes of the newest release that an index has, other than this one.

    python previous.py --upload https://upload.pypi.org/legacy/ \\
        --name demo --version 1.0

Prints {"version", "sizes": {FILE: BYTES}}, or null where the index has no
other release; {"error"} with exit code 1 where it gives no answer.
"""

import argparse
import json
import sys

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from index import Credentials, IndexProblemError, find_index, trust


def version_of(name):
    """The version in a file's name; None where it is not for uploads."""
    try:
        if name.endswith(".whl"):
            return parse_wheel_filename(name)[1]
        if name.endswith(".tar.gz"):
            return parse_sdist_filename(name)[1]
    except (InvalidSdistFilename, InvalidWheelFilename):
        pass
    return None


def previous_files(files, version):
    """The newest version below this one, or of all, and its files."""
    by_version = {}
    for name, file in files.items():
        found = version_of(name)
        if found is not None and found != version:
            by_version.setdefault(found, []).append(file)
    below = [it for it in by_version if it < version]
    newest = max(below or by_version, default=None)
    return newest, by_version.get(newest, [])


def size(index, file):
    """A file's size in bytes, as the server tells before it is read."""
    response = index.open(file.url, elsewhere=True)
    if response is None:
        return None
    with response:
        length = response.headers.get("Content-Length")
    return int(length) if length else None


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upload", required=True)
    parser.add_argument("--simple", default="")
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args(arguments)
    trust()
    try:
        index = find_index(
            options.upload, options.simple, Credentials.of_environment()
        )
        files = index.files(options.name)
        version, found = previous_files(files, Version(options.version))
        sizes = {file.name: size(index, file) for file in found}
    except IndexProblemError as error:
        print(json.dumps({"error": str(error)}))
        sys.exit(1)
    known = {name: number for name, number in sizes.items() if number}
    answer = {"version": str(version), "sizes": known}
    print(json.dumps(answer if version is not None else None))


if __name__ == "__main__":
    main()
