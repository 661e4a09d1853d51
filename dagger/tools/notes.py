"""Notes of releases, by git-cliff.

Reads [{"from", "to", "skip"}] on stdin: tags as for history.py, and ids of
commits to leave out. Prints the Markdown of each span, in a list. Where links
begin is in COMMIT_URL and PULL_URL (cliff.toml).

    python notes.py --root /src --path packages/demo
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from repository import first_line, git, tell

CLIFF = "git-cliff"
CONFIG = Path(__file__).with_name("cliff.toml")


def resolve(root, tag):
    """The commit of a tag, or of HEAD."""
    name = "HEAD" if tag is None else f"refs/tags/{tag}"
    return first_line(git(root, "rev-parse", f"{name}^{{commit}}"))


def make_view(root, folder, end):
    """A repository with the objects of another, and HEAD where a span ends.

    git-cliff takes whatever is behind HEAD for a first release, sorts commits
    to tags by time, and leaves a repository alone that belongs to somebody
    else: here there is one end, no tag, and the owner is who asks.
    """
    command = ["git", "init", "--quiet", "--bare", str(folder)]
    subprocess.run(command, check=True)
    objects = git(root, "rev-parse", "--git-path", "objects").strip()
    alternates = folder / "objects/info/alternates"
    alternates.write_text(f"{(root / objects).resolve()}\n")
    (folder / "HEAD").write_text(f"{end}\n")


def render(root, path, span, cliff=CLIFF):
    """The notes of one span."""
    with tempfile.TemporaryDirectory() as name:
        view = Path(name) / "view"
        make_view(root, view, resolve(root, span["to"]))
        command = [cliff, "--config", str(CONFIG), "--offline"]
        command += ["--repository", str(view), "--tag", "notes"]
        if path != ".":
            command += ["--include-path", f"{path}/**"]
        for commit in span["skip"]:
            command += ["--skip-commit", commit]
        if span["from"] is not None:
            command += ["--", f"{resolve(root, span['from'])}..HEAD"]
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            cwd=name,
            env={**os.environ, "RUST_LOG": "error", "NO_COLOR": "1"},
            encoding="utf-8",
            check=True,
        )
    return done.stdout.strip()


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
