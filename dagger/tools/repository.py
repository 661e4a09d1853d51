"""Git, as the tools ask it about a repository."""

import json
import re
import subprocess
import sys


class DubiousRepositoryError(Exception):
    """A repository that git leaves alone, as it belongs to somebody else."""


class UnreadableError(Exception):
    """What cannot be read of a repository, with the sentence that says why."""


class GitFailedError(UnreadableError):
    """A git command that gave no answer."""


def run(root, arguments, stdin=None):
    return subprocess.run(
        ["git", "-C", str(root), *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
    )


def is_partial(root):
    """Whether a clone left objects out, to fetch them when they are asked."""
    promisor = ["config", "--get-regexp", r"^remote\..*\.promisor$"]
    return run(root, promisor).returncode == 0


def failure(root, arguments, stderr):
    """Why a command failed, and what to do."""
    name = next(it for it in arguments if re.fullmatch("[a-z][a-z-]*", it))
    lines = [it for it in stderr.splitlines() if it.startswith("fatal: ")]
    said = (
        (lines or ["it gives no reason"])[-1].replace("fatal: ", "").rstrip(".")
    )
    # URLs may hold a user and a token.
    said = re.sub(r"://[^/@\s]*@", "://", said)
    if is_partial(root):
        return (
            "The repository is a partial clone (`--filter`), and lacks what"
            f" `git {name}` needs here ({said}). Run `git fetch --refetch"
            " --no-filter`, or make a full clone; in actions/checkout set"
            " `fetch-depth: 0` and no `filter`."
        )
    return (
        f"`git {name}` gives no answer in the repository: {said}. Run `git"
        " fsck` there, or make a new clone."
    )


def git(root, *arguments, stdin=None, no=None):
    """The output of a git command in `root`.

    None where it exits with `no`, the code by which it says that there is no
    such thing; any other failure is an error.
    """
    done = run(root, arguments, stdin)
    if done.returncode == 0:
        return done.stdout
    if "dubious ownership" in done.stderr:
        raise DubiousRepositoryError
    if done.returncode == no:
        return None
    raise GitFailedError(failure(root, arguments, done.stderr))


def first_line(output):
    """The first line of what git printed; None where it printed nothing."""
    return (output or "").partition("\n")[0] or None


def tell(ask, *question):
    """Prints an answer as JSON; what stops it as {"error"}, exit code 1."""
    try:
        print(json.dumps(ask(*question)))
    except UnreadableError as error:
        print(json.dumps({"error": str(error)}))
        sys.exit(1)
