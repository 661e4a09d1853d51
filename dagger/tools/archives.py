"""What a distribution holds: its files by path, and its metadata."""

import hashlib
import json
import os
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Sdist:
    """A source distribution; paths are relative to its one top folder."""

    path: Path

    @cached_property
    def contents(self) -> dict[str, bytes]:
        found = {}
        with tarfile.open(self.path) as archive:
            for member in archive.getmembers():
                if member.isreg():
                    inner = member.name.partition("/")[2]
                    found[inner] = archive.extractfile(member).read()
        return found

    @cached_property
    def hashes(self) -> dict[str, str]:
        return {path: sha256(c) for path, c in self.contents.items()}

    @cached_property
    def metadata(self) -> Message:
        return BytesParser().parsebytes(self.contents.get("PKG-INFO", b""))


@dataclass(frozen=True)
class Wheel:
    """A wheel; paths are as in the archive."""

    path: Path

    @cached_property
    def contents(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/")]
            return {name: archive.read(name) for name in names}

    @cached_property
    def installed(self) -> dict[str, str]:
        """Hashes of what is installed beside its metadata, by path."""
        return {
            path: sha256(content)
            for path, content in self.contents.items()
            if not path.split("/")[0].endswith((".dist-info", ".data"))
        }

    @cached_property
    def metadata(self) -> Message:
        for path, content in self.contents.items():
            if path.count("/") == 1 and path.endswith(".dist-info/METADATA"):
                return BytesParser().parsebytes(content)
        return Message()


@dataclass(frozen=True)
class Distribution:
    """The files to verify, and what git tracks in the project's folder."""

    sdists: list[Sdist]
    wheels: list[Wheel]
    # Hashes by path; None where the distribution comes without its source.
    tracked: dict[str, str] | None = None
    # The project's pyproject.toml, for the checkers that read theirs there.
    configuration: str | None = None
    # The manifest that `build` writes; it need not be there.
    manifest: Path = Path("pypi-deploy.json")

    @property
    def files(self):
        return [*self.sdists, *self.wheels]


def tracked_hashes(project):
    """Hashes of the files that git tracks in a folder, edits included."""
    listed = subprocess.run(
        ["git", "-C", str(project), "ls-files", "-z"],
        stdout=subprocess.PIPE,
        check=True,
    )
    paths = [os.fsdecode(path) for path in listed.stdout.split(b"\0") if path]
    return {
        path: sha256((project / path).read_bytes())
        for path in paths
        if (project / path).is_file()
    }


def recorded_hashes(manifest):
    """Hashes by file name, or None where there is no manifest."""
    if not manifest.exists():
        return None
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return {file["name"]: file["sha256"] for file in files}


def read_distribution(folder, project=None):
    """The sdists and wheels directly in a folder.

    `project` is the folder that they are built from, where it is at hand.
    """
    return Distribution(
        [Sdist(path) for path in sorted(folder.glob("*.tar.gz"))],
        [Wheel(path) for path in sorted(folder.glob("*.whl"))],
        tracked_hashes(project) if project else None,
        str(project / "pyproject.toml") if project else None,
        folder / "pypi-deploy.json",
    )
