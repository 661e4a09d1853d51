"""Real repositories and distributions, made small and by hand."""

import base64
import hashlib
import io
import subprocess
import tarfile
import zipfile

import pytest

import verify
from archives import read_distribution
from checks import CHECKS

METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: A demo
Description-Content-Type: text/markdown

# Demo
"""


WHEEL = """\
Wheel-Version: 1.0
Generator: by hand
Root-Is-Purelib: true
Tag: {tags}
"""


def recorded(entry):
    """A file's line in a wheel's RECORD."""
    name, text = entry
    content = text if isinstance(text, bytes) else text.encode()
    digest = hashlib.sha256(content).digest()
    spelled = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"{name},sha256={spelled},{len(content)}\n"


def core_metadata(name, version, named):
    """Core metadata; `fields` adds lines, `replace` changes the ones it has.

    `description` is in the place of the usual one, and `requires` adds
    dependencies.
    """
    head, _, body = METADATA.format(name=name, version=version).partition(
        "\n\n"
    )
    lines = [*head.splitlines(), *named.get("fields", [])]
    lines += [f"Requires-Dist: {it}" for it in named.get("requires", [])]
    replace = named.get("replace", {})
    changed = [
        f"{key}: {replace[key]}" if key in replace else line
        for line in lines
        for key in [line.partition(":")[0]]
        if replace.get(key, "") is not None
    ]
    return "\n".join(changed) + "\n\n" + named.get("description", body)


class Repository:
    """A git repository in a folder of its own."""

    def __init__(self, root):
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "A")
        self.git("config", "user.email", "a@example.com")

    def git(self, *arguments):
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        return done.stdout.decode().strip()

    def write(self, files):
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def commit(self, files, message="Change"):
        self.write(files)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    root.mkdir()
    return Repository(root)


@pytest.fixture
def make_sdist(tmp_path):
    def make(files=None, name="demo", version="1.0", **named):
        path = tmp_path / "dist" / named.get("file", f"{name}-{version}.tar.gz")
        path.parent.mkdir(exist_ok=True)
        contents = {"PKG-INFO": core_metadata(name, version, named)}
        contents.update(files or {})
        with tarfile.open(path, "w:gz") as archive:
            top = tarfile.TarInfo(f"{name}-{version}")
            top.type = tarfile.DIRTYPE
            archive.addfile(top)
            for inner, text in contents.items():
                member = tarfile.TarInfo(f"{name}-{version}/{inner}")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
            for inner, target in named.get("links", {}).items():
                member = tarfile.TarInfo(f"{name}-{version}/{inner}")
                member.type = tarfile.SYMTYPE
                member.linkname = target
                archive.addfile(member)
        return path

    return make


@pytest.fixture
def make_wheel(tmp_path):
    def make(files=None, name="demo", version="1.0", **named):
        tags = named.get("tags", "py3-none-any")
        file = named.get("file", f"{name}-{version}-{tags}.whl")
        path = tmp_path / "dist" / file
        path.parent.mkdir(exist_ok=True)
        info = f"{name}-{version}.dist-info"
        contents = {
            **({"demo/__init__.py": ""} if files is None else files),
            f"{info}/METADATA": core_metadata(name, version, named),
            f"{info}/WHEEL": WHEEL.format(tags=tags),
            **named.get("info", {}),
        }
        record = "".join(map(recorded, contents.items()))
        contents[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
        with zipfile.ZipFile(path, "w") as archive:
            for inner, text in contents.items():
                archive.writestr(inner, text)
        return path

    return make


@pytest.fixture
def findings(tmp_path):
    """What one check finds in the distribution: problems and notes."""

    def find(name, project=None):
        [check] = [check for check in CHECKS if check.id == name]
        found = verify.run_check(
            check, read_distribution(tmp_path / "dist", project)
        )
        return found["problems"], found["notes"]

    return find
