"""Builds a source again under other circumstances, and compares the bytes.

    python rebuild.py --built /built -- --root /src --path . …

What follows `--` are build.py's arguments. The second build is in another
folder, from files with other times and modes, under another umask, and later.
Prints {"problems", "compared"}; a problem names each member that differs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from archives import sha256

BUILD = Path(__file__).with_name("build.py")
AGAIN = Path(tempfile.gettempdir()) / "pypi-deploy-again"
# Any time long past will do: 2001-09-09.
LONG_AGO = 1_000_000_000


class RebuildError(Exception):
    """A second build that failed, where the first did not."""


def copy_elsewhere(root, elsewhere):
    """A copy of the source with other modes and times."""
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(root, elsewhere, symlinks=True)
    for folder, _, files in os.walk(elsewhere):
        for path in (Path(folder, file) for file in files):
            if path.is_symlink() or ".git" in path.parts:
                continue
            path.chmod(path.stat().st_mode & 0o700)
            os.utime(path, (LONG_AGO, LONG_AGO))


def build_again(arguments, work):
    """The folder of a second build."""
    changed = list(arguments)
    root = changed.index("--root") + 1
    copy_elsewhere(Path(changed[root]), work / "another" / "source")
    changed[root] = str(work / "another" / "source")
    out = changed.index("--out") + 1
    changed[out] = str(work / "dist")
    before = os.umask(0o077)
    try:
        done = subprocess.run(
            [sys.executable, str(BUILD), *changed],
            cwd=str(work),
            stdout=subprocess.PIPE,
        )
    finally:
        os.umask(before)
    if done.returncode != 0:
        raise RebuildError(
            f"a second build fails (exit code {done.returncode})"
        )
    return work / "dist"


def members(path):
    """What tells a member from another of that name, in the file's order."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return {
                it.filename: (
                    sha256(archive.read(it)),
                    it.date_time,
                    it.external_attr,
                )
                for it in archive.infolist()
            }
    with tarfile.open(path) as archive:
        return {
            it.name: (
                sha256(archive.extractfile(it).read()) if it.isreg() else "",
                it.mtime,
                it.mode,
            )
            for it in archive.getmembers()
        }


def difference(one, other):
    """Which members of two files differ, in words."""
    first, second = members(one), members(other)
    found = []
    for name in sorted(first.keys() | second.keys()):
        if name not in second or name not in first:
            found.append(f"{name} is in one of them only")
        elif first[name][0] != second[name][0]:
            found.append(f"{name} has other bytes")
        elif first[name] != second[name]:
            found.append(f"{name} has another time or mode")
    return "; ".join(found) or "their members are equal, in another order"


def artefacts(folder):
    return sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])


def compare(built, again):
    """A problem for each file that is not the same bytes."""
    for path in artefacts(built):
        twin = again / path.name
        if not twin.exists():
            yield f"a second build makes no {path.name}"
        elif path.read_bytes() != twin.read_bytes():
            yield (
                f"{path.name} is not the same twice: {difference(path, twin)}"
            )


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--built", type=Path, required=True)
    parser.add_argument("build", nargs="+")
    options = parser.parse_args(arguments)
    AGAIN.mkdir(parents=True, exist_ok=True)
    try:
        again = build_again(options.build, AGAIN)
        problems = list(compare(options.built, again))
    except RebuildError as error:
        problems = [str(error)]
    compared = [path.name for path in artefacts(options.built)]
    print(json.dumps({"problems": problems, "compared": compared}))


if __name__ == "__main__":
    main()
