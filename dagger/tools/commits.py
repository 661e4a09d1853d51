"""The commits that a release is made of, as one JSON object.

Reads {"since", "newest"} on stdin, each a tag or null: commits that are not
behind `since` are printed, and how many of them are not behind `newest`.
Facts only: what they mean is decided by the module (next-version/).

    python commits.py --root /src --path packages/demo
"""

import argparse
import json
import re
import sys
from pathlib import Path

from repository import first_line, git, tell


def span(tag, end=None):
    """The commits behind a tag, or HEAD, and not behind another, for git."""
    head = "HEAD" if end is None else f"refs/tags/{end}"
    return head if tag is None else f"refs/tags/{tag}..{head}"


def readable(message):
    """A message whose bytes are not what its commit says, as far as it goes."""
    content = message.encode("utf-8", "surrogateescape")
    return content.decode("utf-8", "replace").strip()


def read_commits(root, path, tag, end=None):
    """Id, parents and message of each commit, the newest first."""
    listed = git(
        *(root, "-c", "i18n.logOutputEncoding=UTF-8", "log", "-z"),
        *("--topo-order", "--format=%H%x1f%P%x1f%B", span(tag, end)),
        # Of a package in a larger repository, what touches its folder.
        *([] if path == "." else ["--", path]),
    )
    entries = [entry for entry in listed.split("\0") if entry]
    rows = [entry.split("\x1f", 2) for entry in entries]
    return [
        {
            "id": commit.strip(),
            "parents": parents.split(),
            "message": readable(message),
        }
        for commit, parents, message in rows
    ]


def read_remote(root):
    """The URL of `origin`; without user and password, which CI puts there."""
    url = first_line(git(root, "config", "--get", "remote.origin.url", no=1))
    return re.sub(r"^(\w+://)[^/@]*@", r"\1", url) if url else None


def commits(root, path, question):
    """Everything, as one object."""
    newest = git(root, "rev-list", "--count", span(question["newest"]))
    return {
        "commits": read_commits(root, path, question["since"]),
        "fresh": int(newest),
        "tags": git(root, "tag").splitlines(),
        "remote": read_remote(root),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    question = json.load(sys.stdin)
    tell(commits, options.root, options.path, question)


if __name__ == "__main__":
    main()
