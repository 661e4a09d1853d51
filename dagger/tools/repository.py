"""Git, as the tools ask it about a repository."""

import subprocess


class DubiousRepositoryError(Exception):
    """A repository that git leaves alone, as it belongs to somebody else."""


def git(root, *arguments, stdin=None):
    """The output of a git command in `root`, or None where it failed."""
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
    )
    if done.returncode == 0:
        return done.stdout
    if "dubious ownership" in done.stderr:
        raise DubiousRepositoryError
    return None


def first_line(output):
    """The first line of what git printed; None where it printed nothing."""
    return (output or "").partition("\n")[0] or None
