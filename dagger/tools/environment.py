"""Clean environments, made and thrown away within one command.

They lie in the cache volume beside uv's cache, so that uv links files instead
of copying them, and at a few fixed paths, so that what Python compiled for
one is found again by the next. An environment that outlived its command would
break the next cached one when the volume is pruned; these do not.

Runs on every Python that is tested with, 3.8 and later.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Beside uv's own cache: files can be linked within one volume only.
CACHE = Path(os.environ.get("UV_CACHE_DIR", "/cache/uv")).parent
SLOTS = 16
# How much of uv's output an error shows.
SHOWN_LINES = 20


class InstallError(Exception):
    """uv could not install something; the last lines of why."""


class Environment:
    """A virtual environment, and what to run commands in it with."""

    def __init__(self, root, cache):
        self.root = root
        self.bin = root / "bin"
        self.python = str(self.bin / "python")
        path = f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"
        self.variables = {
            **os.environ,
            "PATH": path,
            "VIRTUAL_ENV": str(root),
            "PYTHONPYCACHEPREFIX": str(cache / "pycache"),
        }
        # `-I` drops the variable above, and what lies beside a script.
        prefix = f"pycache_prefix={cache / 'pycache'}"
        self.isolated = [self.python, "-I", "-X", prefix]

    @property
    def site(self):
        """The folder that packages are installed in."""
        [site] = self.root.glob("lib/python*/site-packages")
        return site

    def install(self, *arguments):
        """Installs with uv; raises InstallError where that fails."""
        command = ["uv", "pip", "install", "--python", self.python]
        variables = dict(self.variables)
        # uv builds in folders of random names: what Python compiled there is
        # never found again, and goes with them.
        del variables["PYTHONPYCACHEPREFIX"]
        done = subprocess.run(
            [*command, *arguments],
            env=variables,
            stdout=sys.stderr,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        sys.stderr.write(done.stderr)
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise InstallError("\n".join(lines[-SHOWN_LINES:]))

    def check(self):
        """What `uv pip check` complains about; nothing where all fits."""
        done = subprocess.run(
            ["uv", "pip", "check", "--python", self.python],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        return "" if done.returncode == 0 else done.stdout.strip()


@contextlib.contextmanager
def taken_slot(folder):
    """The first of a few fixed paths that nobody else uses right now."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        for number in range(SLOTS):
            lock = stack.enter_context((folder / f"{number}.lock").open("w"))
            last = number == SLOTS - 1
            try:
                # The last one is worth waiting for.
                fcntl.flock(lock, fcntl.LOCK_EX | (not last) * fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield folder / str(number)
            return


@contextlib.contextmanager
def clean_environment(python, cache=CACHE):
    """An empty environment of this interpreter (`3.11`), removed at the end."""
    with taken_slot(cache / "environments" / python) as root:
        shutil.rmtree(root, ignore_errors=True)
        try:
            flags = ["--no-project", "--relocatable", "--quiet"]
            subprocess.run(
                ["uv", "venv", *flags, "--python", python, str(root)],
                stdout=sys.stderr,
                check=True,
            )
            yield Environment(root, cache)
        finally:
            shutil.rmtree(root, ignore_errors=True)
