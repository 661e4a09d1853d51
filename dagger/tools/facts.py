"""What git and pyproject.toml say about a project, as one JSON object.

Facts only: what they mean is decided by the module (project.ts, provider.ts).

    python facts.py --root /src --path packages/demo
"""

import argparse
import json
import subprocess
from pathlib import Path


def git(root, *arguments):
    """The output of a git command in `root`, or None where it failed."""
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="surrogateescape",
    )
    return done.stdout if done.returncode == 0 else None


def edited_files(root):
    """Tracked files whose content is not that of HEAD; untracked ones pass."""
    status = git(root, "status", "--porcelain", "-z", "--untracked-files=no")
    entries = (status or "").split("\0")
    names = []
    while entries:
        entry = entries.pop(0)
        if entry:
            names.append(entry[3:])
            if entry[0] in "RC":
                entries.pop(0)  # where it was renamed or copied from
    return names


def git_facts(root):
    """The state of the repository, or None where `root` holds none."""
    top = git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top.rstrip("\n")).resolve() != root.resolve():
        return None
    facts = {"commit": None, "time": 0, "shallow": False}
    facts["edited"] = edited_files(root)
    head = git(root, "log", "-1", "--format=%H %ct", "HEAD")
    if head is None:
        return {**facts, "branch": None, "tagsAtHead": [], "tagged": False}
    commit, time = head.split()
    shallow = git(root, "rev-parse", "--is-shallow-repository") or ""
    branch = git(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    at_head = git(root, "tag", "--points-at", "HEAD") or ""
    anywhere = git(root, "for-each-ref", "--count=1", "refs/tags") or ""
    return {
        **facts,
        "commit": commit,
        "time": int(time),
        "branch": branch and branch.strip(),
        "shallow": shallow.strip() == "true",
        "tagsAtHead": at_head.split(),
        "tagged": anywhere != "",
    }


def project_folders(root):
    """Folders, two levels down at most, that hold a pyproject.toml."""
    found = [*root.glob("*/pyproject.toml"), *root.glob("*/*/pyproject.toml")]
    return sorted(p.parent.relative_to(root).as_posix() for p in found)[:5]


def read(path):
    """The text of a file, or None where there is no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def facts(root, path):
    """Everything that the module decides on before anything runs."""
    pyproject = read(root / path / "pyproject.toml")
    return {
        "git": git_facts(root),
        "gitFile": read(root / ".git"),
        "pyproject": pyproject,
        "projects": [] if pyproject is not None else project_folders(root),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    print(json.dumps(facts(options.root, options.path)))


if __name__ == "__main__":
    main()
