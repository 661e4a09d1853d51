"""What a distribution holds: its files by path, and its metadata."""

import hashlib
import json
import os
import posixpath
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass, field
from email.message import Message
from email.parser import Parser
from functools import cached_property
from pathlib import Path

# More than this at a higher ratio is what PyPI calls a bomb; nothing of such
# a file is read here either.
LARGEST_UNPACKED = 64 * 1024 * 1024
LARGEST_RATIO = 50


class ArchiveError(Exception):
    """An archive that is none, or none to unpack; the sentence says why."""


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def read_metadata(content):
    """Core metadata, which is UTF-8 whatever e-mail would make of it."""
    return Parser().parsestr(content.decode("utf-8", "replace"))


def refuse_bomb(path, unpacked):
    """Raises where reading would give far more than there is."""
    packed = path.stat().st_size
    if unpacked > LARGEST_UNPACKED and unpacked > LARGEST_RATIO * packed:
        raise ArchiveError(
            f"unpacks from {packed} to {unpacked} bytes, as only bombs do"
        )


def linked(member):
    """The path of a link in an sdist, and the one that it leads to."""
    path = member.name.partition("/")[2]
    if member.islnk():
        return path, member.linkname.partition("/")[2]
    if member.issym():
        target = posixpath.join(posixpath.dirname(path), member.linkname)
        return path, posixpath.normpath(target)
    return None


def reached(found, path, target):
    """What is at the path of a link, by what is at its target."""
    if target in found:
        return {path: found[target]}
    # A link to a folder around it has no end.
    if path.startswith(f"{target}/"):
        return {}
    return {
        path + inner[len(target) :]: digest
        for inner, digest in found.items()
        if inner.startswith(f"{target}/")
    }


@dataclass(frozen=True)
class Sdist:
    """A source distribution; paths are relative to its one top folder."""

    path: Path
    kind = "sdist"

    @cached_property
    def members(self) -> "list[tarfile.TarInfo]":
        with tarfile.open(self.path, "r:gz") as archive:
            return archive.getmembers()

    @cached_property
    def contents(self) -> "dict[str, bytes]":
        found = {}
        refuse_bomb(self.path, sum(member.size for member in self.members))
        with tarfile.open(self.path, "r:gz") as archive:
            for member in archive.getmembers():
                if member.isreg():
                    inner = member.name.partition("/")[2]
                    found[inner] = archive.extractfile(member).read()
        return found

    @cached_property
    def hashes(self) -> "dict[str, str]":
        return {path: sha256(c) for path, c in self.contents.items()}

    @cached_property
    def unpacked(self) -> "dict[str, str]":
        """Hashes of the files that unpacking gives: those of links, too."""
        found = dict(self.hashes)
        links = [link for link in map(linked, self.members) if link]
        # A link may lead to another one, or into a folder that is one.
        for _ in links:
            known = len(found)
            for path, target in links:
                found.update(reached(found, path, target))
            if len(found) == known:
                break
        return found

    @cached_property
    def raw_metadata(self) -> bytes:
        return self.contents.get("PKG-INFO", b"")

    @cached_property
    def metadata(self) -> Message:
        return read_metadata(self.raw_metadata)


@dataclass(frozen=True)
class Wheel:
    """A wheel; paths are as in the archive."""

    path: Path
    kind = "wheel"

    @cached_property
    def members(self) -> "list[zipfile.ZipInfo]":
        with zipfile.ZipFile(self.path) as archive:
            return archive.infolist()

    @cached_property
    def contents(self) -> "dict[str, bytes]":
        refuse_bomb(self.path, sum(m.file_size for m in self.members))
        with zipfile.ZipFile(self.path) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/")]
            return {name: archive.read(name) for name in names}

    @cached_property
    def installed(self) -> "dict[str, str]":
        """Hashes of what is installed beside its metadata, by path."""
        return {
            path: sha256(content)
            for path, content in self.contents.items()
            if not path.split("/")[0].endswith((".dist-info", ".data"))
        }

    @cached_property
    def info(self) -> str:
        """The name of its .dist-info folder; empty where it has none."""
        for path in self.contents:
            if path.count("/") == 1 and path.endswith(".dist-info/METADATA"):
                return path.split("/")[0]
        return ""

    @property
    def tags(self) -> "tuple[str, str, str]":
        """Python, ABI and platform, as the file's name has them."""
        python, abi, platform = self.path.stem.split("-")[-3:]
        return python, abi, platform

    @cached_property
    def raw_metadata(self) -> bytes:
        return self.contents.get(f"{self.info}/METADATA", b"")

    @cached_property
    def metadata(self) -> Message:
        return read_metadata(self.raw_metadata)


@dataclass(frozen=True)
class Distribution:
    """The files to verify, and what git tracks in the project's folder."""

    sdists: "list[Sdist]"
    wheels: "list[Wheel]"
    # Files that cannot be read, with the reason; in none of the lists above.
    broken: "dict[Path, str]" = field(default_factory=dict)
    # Hashes by path; None where the distribution comes without its source.
    tracked: "dict[str, str] | None" = None
    # The folder that it was built from, where it is at hand.
    project: "Path | None" = None
    # The manifest that `build` writes; it need not be there.
    manifest: Path = Path("pypi-deploy.json")

    @property
    def files(self):
        return [*self.sdists, *self.wheels]

    @property
    def paths(self):
        """Of all files, the unreadable ones too."""
        found = [*(file.path for file in self.files), *self.broken]
        return sorted(found, key=lambda path: (path.suffix == ".whl", path))

    @property
    def configuration(self):
        """The project's pyproject.toml, for checkers that read theirs there."""
        return str(self.project / "pyproject.toml") if self.project else None


def tracked_hashes(project):
    """Hashes of the files that git tracks in a folder, edits included."""
    listed = subprocess.run(
        ["git", "-C", str(project), "ls-files", "-z", "--recurse-submodules"],
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


def sort_readable(files):
    """The files that can be read, and why the others cannot."""
    readable, broken = [], {}
    for file in files:
        try:
            assert file.contents is not None
        except ArchiveError as error:
            broken[file.path] = str(error)
        except Exception as error:  # whatever the parsers say of bad bytes
            what = "tarfile" if file.kind == "sdist" else "zipfile"
            broken[file.path] = f"is not a {what}: {error}"
        else:
            readable.append(file)
    return readable, broken


def read_distribution(folder, project=None):
    """The sdists and wheels directly in a folder.

    `project` is the folder that they are built from, where it is at hand.
    """
    sdists, bad_sdists = sort_readable(
        Sdist(path) for path in sorted(folder.glob("*.tar.gz"))
    )
    wheels, bad_wheels = sort_readable(
        Wheel(path) for path in sorted(folder.glob("*.whl"))
    )
    return Distribution(
        sdists,
        wheels,
        {**bad_sdists, **bad_wheels},
        tracked_hashes(project) if project else None,
        project,
        folder / "pypi-deploy.json",
    )
