"""The commits of several releases and their dates, and the changelog there is.

Reads {"spans": [{"from", "to"}], "file"} on stdin: tags, where `from` may be
null for the beginning and `to` null for HEAD. Prints {"spans": [{"time",
"commits"}], "existing", "remote"}, `existing` being the text of the file.

    python history.py --root /src --path packages/demo
"""

import argparse
import json
import sys
from pathlib import Path

from commits import read_commits, read_remote
from repository import UnreadableError, first_line, git, tell


def time_of(root, tag):
    """When a tag was made, or HEAD, in seconds since 1970."""
    if tag is None:
        return int(git(root, "log", "-1", "--format=%ct", "HEAD"))
    name = f"refs/tags/{tag}"
    made = git(root, "for-each-ref", "--format=%(creatordate:unix)", name)
    return int(first_line(made) or 0)


def read_text(file):
    """The text of a file, line ends as they are; None where there is none."""
    if not file.is_file():
        return None
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            f"{file.name} is not in UTF-8: line {line} has byte"
            f" 0x{content[error.start]:02x}. Save it in UTF-8."
        ) from None


def history(root, path, question):
    """Everything, as one object."""
    file = root / path / question["file"]
    return {
        "spans": [
            {
                "time": time_of(root, span["to"]),
                "commits": read_commits(root, path, span["from"], span["to"]),
            }
            for span in question["spans"]
        ],
        "existing": read_text(file),
        "remote": read_remote(root),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    question = json.load(sys.stdin)
    tell(history, options.root, options.path, question)


if __name__ == "__main__":
    main()
