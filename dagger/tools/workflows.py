"""What a repository holds for its hosting service, as one JSON object.

    python workflows.py --root /src --path packages/demo

Prints the GitHub repository that it was cloned from, its default branch, what
git tracks, and the text of each file that a deployment depends on: workflows,
actions, files that write a version down, and any that has a token of PyPI's in
it. Facts only: what they mean is
decided by the module.
"""

import argparse
import json
import re
from pathlib import Path

from facts import read, read_default_branch
from repository import git

GITHUB = re.compile(
    r"(?:https?://(?:[^@/]*@)?|ssh://git@|git@)github\.com[:/]"
    r"(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?$"
)
WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml$")
ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
# Where projects write a version, besides in Python files that assign one.
WRITTEN = {"pyproject.toml", "setup.cfg", "setup.py", "CITATION.cff"}
ASSIGNED = re.compile(r"^(?:__version__|version|release)\b.*=", re.MULTILINE)
# As dagger/src/audit/tokens.ts looks for it.
TOKEN = r"pypi-AgE[A-Za-z0-9_-]{16,}"
# Larger files are data.
MOST_BYTES = 1_000_000


def github_repository(root):
    """OWNER/NAME of the remote `origin` on GitHub; None where it has none."""
    url = git(root, "config", "--get", "remote.origin.url", no=1) or ""
    found = GITHUB.match(url.strip())
    return found["name"] if found else None


def default_branch(root):
    """The default branch's short name: as cloned, else the one checked out."""
    known = read_default_branch(root)["defaultBranch"]
    if known is None:
        known = (git(root, "symbolic-ref", "-q", "HEAD", no=1) or "").strip()
    return re.sub(r"^refs/(?:remotes/origin|heads)/", "", known) or None


def exactly(path):
    """The text of a file with the line ends it has."""
    return path.read_bytes().decode("utf-8", errors="replace")


def depended_on(path, text):
    """Whether a deployment depends on what the file at `path` says."""
    if WORKFLOW.search(path) or ACTION.search(path):
        return True
    if Path(path).name in WRITTEN:
        return True
    return path.endswith(".py") and ASSIGNED.search(text) is not None


def with_tokens(root):
    """The paths of tracked text files that have a token of PyPI's in them."""
    found = git(root, "grep", "-I", "-l", "-z", "-E", "-e", TOKEN, no=1)
    return (found or "").split("\0")[:-1]


def texts(root, path, names):
    """The text by path of those files that are depended on.

    Of those that write a version down, the package's own only: a repository
    of many packages has many versions. Tokens are everybody's.
    """
    top = "" if path == "." else f"{path}/"
    found = {}
    for name in names:
        file = root / name
        likely = name.endswith((".py", ".yml", ".yaml", ".cff"))
        if not (likely or file.name in WRITTEN):
            continue
        if not (name.startswith(top) or name.startswith(".github/")):
            continue
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            continue
        # What stays of a workflow is written back as it is.
        text = exactly(file) if WORKFLOW.search(name) else read(file)
        if text is not None and depended_on(name, text):
            found[name] = text
    for name in with_tokens(root):
        if name in found:
            continue
        text = read(root / name)
        if text is not None:
            found[name] = text
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    root = options.root
    tracked = git(root, "ls-files", "-z").split("\0")[:-1]
    # A workflow that was written a moment ago is one, too.
    fresh = root.glob(".github/workflows/*.y*ml")
    names = {*tracked, *(it.relative_to(root).as_posix() for it in fresh)}
    answer = {
        "repository": github_repository(root),
        "defaultBranch": default_branch(root),
        "tracked": tracked,
        "texts": texts(root, options.path, sorted(names)),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
