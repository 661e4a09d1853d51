"""What git and pyproject.toml say about a project, as one JSON object.

Facts only: what they mean is decided by the module (facts.ts, ref.ts).

    python facts.py --root /src --path packages/demo
"""

import argparse
import os
import re
from pathlib import Path

from repository import DubiousRepositoryError, first_line, git, tell
from setup_files import said

# The branches that a release is cut from, where nothing names the default.
DEFAULT_BRANCHES = [
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
]


def read_status(root):
    """Branch, edited and missing files, from one `git status`."""
    status = git(
        *(root, "status", "--porcelain=v2", "-z", "--branch"),
        *("--no-ahead-behind", "--untracked-files=no"),
    )
    entries = status.split("\0")
    branch, edited, missing = None, [], []
    while entries:
        kind, _, rest = entries.pop(0).partition(" ")
        if kind == "#" and rest.startswith("branch.head "):
            name = rest.partition(" ")[2]
            branch = None if name == "(detached)" else name
        elif kind in ("1", "2", "u"):
            # "XY sub mode… object… path", with a score before a new name.
            columns = {"1": 7, "2": 8, "u": 9}[kind]
            path = rest.split(" ", columns)[-1]
            edited.append(path)
            if rest[1] == "D":
                missing.append(path)
            if kind == "2":
                entries.pop(0)  # where it was renamed or copied from
    unseen, absent = unseen_edits(root)
    return {
        "branch": branch,
        "edited": [*edited, *unseen, *absent],
        "missing": [*missing, *absent],
    }


def unseen_edits(root):
    """Edited and missing files that `git status` was told not to look at.

    A sparse checkout leaves files out, and `git update-index` hides edits
    (--skip-worktree, --assume-unchanged); a release would have neither.
    """
    listed = git(root, "ls-files", "-v", "--stage", "-z")
    hidden = {}
    for entry in listed.split("\0"):
        about, _, path = entry.partition("\t")
        tag, *_, blob, _ = about.split(" ") if path else ("H", "", "")
        if tag == "S" or tag.islower():
            hidden[path] = blob
    missing = [path for path in hidden if not os.path.lexists(root / path)]
    there = [path for path in hidden if (root / path).is_file()]
    names = "".join(f"{path}\n" for path in there)
    hashes = git(root, "hash-object", "--stdin-paths", stdin=names).split()
    edited = [
        path
        for path, found in zip(there, hashes, strict=True)
        if found != hidden[path]
    ]
    return edited, missing


def read_tags(root, commit):
    """Names of the tags at HEAD, and of those behind it."""
    listed = git(
        *(root, "for-each-ref", "--merged=HEAD"),
        "--format=%(objectname) %(*objectname) %(refname:lstrip=2)",
        "refs/tags",
    )
    at_head, behind = [], []
    for line in listed.splitlines():
        # An annotated tag is an object of its own that names the commit.
        tag, peeled, name = line.split(" ", 2)
        (at_head if (peeled or tag) == commit else behind).append(name)
    anywhere = listed or git(root, "for-each-ref", "--count=1", "refs/tags")
    return {
        "tagsAtHead": at_head,
        "tagsBehind": behind,
        "tagged": bool(anywhere),
    }


def read_default_branch(root):
    """The default branch as far as the clone knows, and whether HEAD is on it.

    Asked where HEAD has a tag only: elsewhere nobody wants to know.
    """
    names = git(root, "symbolic-ref", "-q", "refs/remotes/origin/HEAD", no=1)
    known = git(root, "for-each-ref", "--format=%(refname)", *DEFAULT_BRANCHES)
    found = known.split()
    guesses = [name for name in DEFAULT_BRANCHES if name in found]
    branch = first_line(names) or next(iter(guesses), None)
    if branch is None:
        return {"defaultBranch": None, "onDefaultBranch": False}
    on_it = git(root, "merge-base", "--is-ancestor", "HEAD", branch, no=1)
    return {"defaultBranch": branch, "onDefaultBranch": on_it is not None}


def absent_submodules(root):
    """Submodules that HEAD has and the folder has not checked out."""
    if not (root / ".gitmodules").is_file():
        return []
    listed = git(
        *(root, "config", "-z", "--file", ".gitmodules"),
        *("--get-regexp", r"^submodule\..*\.path$"),
        no=1,
    )
    entries = (entry for entry in (listed or "").split("\0") if entry)
    paths = [entry.partition("\n")[2] for entry in entries]
    tracked = git(root, "ls-files", "-z", "--stage", "--", *paths)
    modules = {
        entry.partition("\t")[2]
        for entry in tracked.split("\0")
        if entry.startswith("160000 ")
    }
    return sorted(
        path for path in modules if not (root / path / ".git").exists()
    )


def git_facts(root):
    """The state of the repository, or None where `root` holds none."""
    top = git(
        root, "rev-parse", "--show-toplevel", "--is-shallow-repository", no=128
    )
    if top is None:
        return None
    folder, shallow = top.rstrip("\n").rsplit("\n", 1)
    if Path(folder).resolve() != root.resolve():
        return None
    facts = {"shallow": shallow == "true", **read_status(root)}
    if git(root, "rev-parse", "-q", "--verify", "HEAD", no=1) is None:
        return {**facts, "commit": None, "time": 0, "tagsAtHead": []}
    head = git(root, "log", "-1", "--format=%H %ct", "HEAD")
    commit, time = head.split()
    tags = read_tags(root, commit)
    no_branch = {"defaultBranch": None, "onDefaultBranch": False}
    return {
        **facts,
        "commit": commit,
        "time": int(time),
        **tags,
        **(read_default_branch(root) if tags["tagsAtHead"] else no_branch),
        "submodules": absent_submodules(root),
    }


def is_tracked(root, path):
    """Whether git knows a file; what it does not know is in no release."""
    return (
        git(root, "ls-files", "--error-unmatch", "--", path, no=1) is not None
    )


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


def has_settings_in_setup(text):
    """Whether setup.py gives setuptools-scm more than to be switched on."""
    given = re.search(r"\buse_scm_version\W*[:=]\s*(\w*)", text or "")
    return given is not None and given[1] != "True"


def facts(root, path):
    """Everything that the module decides on before anything runs."""
    pyproject = read(root / path / "pyproject.toml")
    setup = read(root / path / "setup.py")
    try:
        found, dubious = git_facts(root), False
    except DubiousRepositoryError:
        found, dubious = None, True
    return {
        "git": found,
        "dubious": dubious,
        "gitFile": read(root / ".git"),
        "pyproject": pyproject,
        "tracked": found is not None
        and is_tracked(root, str(Path(path, "pyproject.toml"))),
        "settingsInSetup": has_settings_in_setup(setup),
        "setup": said(read(root / path / "setup.cfg"), setup),
        "projects": [] if pyproject is not None else project_folders(root),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    tell(facts, options.root, options.path)


if __name__ == "__main__":
    main()
