"""Builds an sdist, and the wheel from that sdist, reproducibly.

    python build.py --root /src --path . --out /dist --time 1700000000 \\
        --python /opt/backends/bin/python --backend setuptools.build_meta \\
        --about '{"project": "demo"}'

Prints the manifest that it also writes as OUT/pypi-deploy.json: what --about
says, and name, kind, sha256 and size of each file. What the build prints goes
to stderr. Where the build fails, prints {"error": SENTENCE} and exits 1.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from normalise import normalise_sdist

HOOKS = Path(__file__).with_name("hooks.py")
# Where the sdist is unpacked: C compilers write the path into what they make.
UNPACKED = Path(tempfile.gettempdir()) / "pypi-deploy-sdist"
RECORD = "pypi-deploy.json"


class BuildError(Exception):
    """A build that cannot go on, with the sentence that says why."""


def run(command, **options):
    """Runs a command, its output on stderr."""
    return subprocess.run(command, stdout=sys.stderr, check=True, **options)


def clean_tree(root):
    """Leaves in `root` what git tracks, edits included, under fixed modes."""
    run(["git", "-C", str(root), "clean", "-ffdxq"])
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--stage"],
        stdout=subprocess.PIPE,
        check=True,
    )
    for entry in listed.stdout.split(b"\0"):
        mode, _, rest = entry.partition(b" ")
        path = root / os.fsdecode(rest.partition(b"\t")[2])
        if mode == b"160000" and (path / ".git").exists():
            clean_tree(path)
        if mode in (b"100644", b"100755") and path.is_file():
            path.chmod(0o755 if mode == b"100755" else 0o644)
    for folder, _, _ in os.walk(root):
        Path(folder).chmod(0o755)


class Backend:
    """The project's build backend, run with the interpreter that has it."""

    def __init__(self, python, spec, path):
        self.python = python
        self.command = ["--backend", spec]
        for folder in path:
            self.command += ["--backend-path", folder]

    def variables(self):
        """The environment with the requirements' commands first (PEP 517).

        uv_build, meson-python and maturin are such commands.
        """
        scripts = Path(self.python).parent
        path = f"{scripts}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, "PATH": path}

    def call(self, kind, folder, out, *flags):
        """What hooks.py answers for one artefact."""
        answer = Path(tempfile.gettempdir()) / f"pypi-deploy-{kind}.json"
        command = [self.python, str(HOOKS), kind, str(out)]
        command += ["--answer", str(answer), *self.command, *flags]
        try:
            run(command, cwd=folder, env=self.variables())
        except subprocess.CalledProcessError as error:
            raise BuildError(
                f"The build backend failed on the {kind}"
                f" (exit code {error.returncode})."
            ) from None
        return json.loads(answer.read_text(encoding="utf-8"))

    def install(self, requirements):
        """Adds what a hook asked for to the build environment."""
        install = ["uv", "pip", "install", "--python", self.python]
        try:
            run([*install, *requirements])
        except subprocess.CalledProcessError:
            names = ", ".join(requirements)
            raise BuildError(
                f"The build backend asks for {names}, which cannot be"
                " installed."
            ) from None

    def build(self, kind, folder, out):
        """Builds one artefact; the path of the file."""
        answer = self.call(kind, folder, out)
        if "requires" in answer:
            self.install(answer["requires"])
            answer = self.call(kind, folder, out, "--satisfied")
        path = out / answer["file"]
        path.chmod(0o644)  # flit makes wheels that only their owner can read
        return path


def unpack(sdist):
    """Unpacks an sdist under a fixed path; its one top folder."""
    shutil.rmtree(UNPACKED, ignore_errors=True)
    with tarfile.open(sdist) as archive:
        # Python 3.11.2, which Debian 12 has, knows of no filters yet; the
        # backend that made the sdist ran here anyway.
        if hasattr(tarfile, "data_filter"):
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(UNPACKED)
    folders = list(UNPACKED.iterdir())
    if len(folders) != 1:
        raise BuildError(f"{sdist.name} does not hold exactly one folder.")
    return folders[0]


def described(path, kind):
    """A file as the manifest lists it."""
    content = path.read_bytes()
    return {
        "name": path.name,
        "kind": kind,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }


def installed_tools(python):
    """What the build environment holds, `name==version`."""
    packages = Path(python).parents[1].glob("lib/python*/site-packages")
    folders = [f for folder in packages for f in folder.glob("*.dist-info")]
    return sorted("==".join(f.stem.rsplit("-", 1)) for f in folders)


def build(options, backend):
    """Builds both files and gives the manifest."""
    clean_tree(options.root)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    sdist = backend.build("sdist", options.root / options.path, out)
    normalise_sdist(sdist, options.time)
    wheel = backend.build("wheel", unpack(sdist), out)
    files = [described(sdist, "sdist"), described(wheel, "wheel")]
    version = wheel.name.split("-")[1]
    manifest = {**json.loads(options.about), "version": version}
    manifest.update(tools=installed_tools(options.python), files=files)
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (out / RECORD).write_text(text, encoding="utf-8")
    return manifest


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--time", type=int, required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--backend-path", action="append", default=[])
    parser.add_argument("--about", default="{}")
    options = parser.parse_args(arguments)
    os.umask(0o022)
    # Git's own state, not the builder's: same bytes wherever this runs.
    os.environ.update(
        SOURCE_DATE_EPOCH=str(options.time),
        PYTHONHASHSEED="0",
        TZ="UTC",
        LC_ALL="C.UTF-8",
    )
    # Debug information names paths and compilers.
    for flags in ("CFLAGS", "CXXFLAGS"):
        os.environ[flags] = f"{os.environ.get(flags, '')} -g0".strip()
    backend = Backend(options.python, options.backend, options.backend_path)
    try:
        print(json.dumps(build(options, backend)))
    except BuildError as error:
        print(json.dumps({"error": str(error)}))
        sys.exit(1)


if __name__ == "__main__":
    main()
