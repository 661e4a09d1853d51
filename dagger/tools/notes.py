"""Notes of releases, by git-cliff.

Reads [{"from", "to", "skip"}] on stdin: tags as for history.py, and ids of
commits to leave out. Prints the Markdown of each span, in a list. Where links
begin is in COMMIT_URL and PULL_URL (cliff.toml).

    python notes.py --root /src --path packages/demo
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from commits import read_commits
from repository import git, tell

CLIFF = "git-cliff"
CONFIG = Path(__file__).with_name("cliff.toml")


# What ends a subject that goes on in the next line.
NO_SUBJECT = re.compile(r"\s*$|\s*[-*+•] |[A-Za-z][\w -]*(?:: | #)")
NAMED = re.compile(r"\b[0-9a-f]{9}(?:[0-9a-f]{31})?\b")


def folded(message):
    """The subject of a message in one line, as git reads it, and its body."""
    first, *lines = message.splitlines() or [""]
    while lines and not NO_SUBJECT.match(lines[0]):
        first = f"{first.rstrip()} {lines.pop(0).strip()}"
    body = "\n".join(lines).strip("\n")
    return first, body


# What Markdown would take for markup, and GitHub for people; code stays code,
# and what somebody escaped stays so.
MARKUP = re.compile(
    r"(?P<kept>(?P<fence>`+)(?!`).*?(?<!`)(?P=fence)(?!`)|\\[^\w\s])"
    r"|(?P<who>(?<!\w)@\w[\w-]*(?:/[\w.-]+)?)"
    r"|(?P<markup>[*<`]|__|\[(?=[^\]]*\][(\[]))",
    re.DOTALL,
)


def escaped(text):
    """A text that shows in Markdown as it is written, and calls nobody."""

    def one(found):
        if found["markup"]:
            return "".join(f"\\{letter}" for letter in found["markup"])
        return found["kept"] or f"`{found['who']}`"

    return MARKUP.sub(one, text)


def make_view(folder, commits):
    """A repository with these commits alone, in one line; their ids there.

    git-cliff takes whatever is behind HEAD for a first release, sorts commits
    to tags by time, reads messages in UTF-8 alone, and leaves a repository
    that belongs to somebody else, or is a partial clone.
    """
    command = ["git", "init", "--quiet", "--bare", "--initial-branch=notes"]
    subprocess.run([*command, str(folder)], check=True)
    stream = []
    for time, commit in enumerate(commits):
        message = "\n\n".join(map(escaped, folded(commit["message"]))).encode()
        stream += [
            f"commit refs/heads/notes\ncommitter A <a@b> {time} +0000\n",
            f"data {len(message)}\n",
            message,
            "\n",
        ]
    text = b"".join(
        it if isinstance(it, bytes) else it.encode() for it in stream
    )
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(command, input=text, check=True)
    return git(folder, "rev-list", "--reverse", "notes").split()


def render(root, path, span, cliff=CLIFF):
    """The notes of one span."""
    found = read_commits(root, path, span["from"], span["to"])
    commits = [it for it in found[::-1] if it["id"] not in span["skip"]]
    if not commits:
        return ""
    with tempfile.TemporaryDirectory() as name:
        view = Path(name) / "view"
        ids = zip(make_view(view, commits), (it["id"] for it in commits))
        known = {new[:end]: old[:end] for new, old in ids for end in (9, 40)}
        command = [cliff, "--config", str(CONFIG), "--offline"]
        command += ["--repository", str(view), "--tag", "notes"]
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            cwd=name,
            env={**os.environ, "RUST_LOG": "error", "NO_COLOR": "1"},
            encoding="utf-8",
            check=True,
        )
    return NAMED.sub(lambda it: known.get(it[0], it[0]), done.stdout.strip())


def notes(root, path, spans, cliff):
    """The notes of each span."""
    return [render(root, path, span, cliff) for span in spans]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    parser.add_argument("--cliff", default=CLIFF, help="its executable")
    options = parser.parse_args(arguments)
    spans = json.load(sys.stdin)
    tell(notes, options.root, options.path, spans, options.cliff)


if __name__ == "__main__":
    main()
