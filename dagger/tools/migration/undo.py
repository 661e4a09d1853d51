"""The way back from a migration: its edits undone, whatever came after kept.

    python -m migration.undo history --source /src/demo
    python -m migration.undo merge --before /old --after /new --now /src/demo \\
        --out /out < {"changed": [PATH], "deleted": [PATH]}

`history` prints [{"commit", "pyproject"}], the commits that changed
pyproject.toml along first parents, newest first, and one without it before
them, if that has a setup.cfg or setup.py. `merge` takes the difference
between AFTER and BEFORE out of NOW, as git merges: it writes the files under
OUT and prints {"changed": [PATH], "deleted": [PATH]}; where somebody changed
the same lines, {"error": SENTENCE} and exit code 1.
"""

import argparse
import json
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path

# Older commits are of no use: who would go back that far?
COMMITS = 200


def git(folder, *arguments):
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8", "replace")


def history(source):
    """Every state of pyproject.toml, newest first."""
    flags = [f"--max-count={COMMITS}", "--first-parent", "--format=%H"]
    listed = git(source, "log", *flags, "--", "pyproject.toml")
    found = []
    for commit in listed.split():
        listing = git(
            source, "ls-tree", "--name-only", commit, "pyproject.toml"
        )
        if listing:
            text = git(source, "show", f"{commit}:./pyproject.toml")
            found.append({"commit": commit, "pyproject": text})
    return [*found, *without_file(source, listed.split())]


def without_file(source, commits):
    """The state before the first pyproject.toml, as one that says nothing."""
    before = f"{commits[-1]}^" if commits else "HEAD"
    command = ["git", "-C", str(source), "rev-parse", "--verify", "--quiet"]
    done = subprocess.run([*command, before], stdout=subprocess.PIPE)
    commit = done.stdout.decode().strip()
    files = ("pyproject.toml", "setup.cfg", "setup.py")
    names = commit and git(source, "ls-tree", "--name-only", commit, *files)
    classic = names and "pyproject.toml" not in names
    return [{"commit": commit, "pyproject": ""}] if classic else []


def read(path):
    return path.read_bytes() if path.is_file() else None


def merged(now, after, before, work):
    """What git makes of three contents; None where they conflict."""
    names = {"now": now, "after": after, "before": before}
    for name, content in names.items():
        (work / name).write_bytes(content or b"")
    command = ["git", "merge-file", "--stdout", *names]
    done = subprocess.run(command, cwd=str(work), stdout=subprocess.PIPE)
    return done.stdout if done.returncode == 0 else None


def is_ignored(folder, path):
    """Whether git ignores what is there, as it does what a build writes."""
    command = ["git", "-C", str(folder), "check-ignore", "--quiet", path]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def is_executable(path):
    return path.is_file() and bool(path.stat().st_mode & 0o100)


def without_lines(now, own):
    """A file without the lines that are the migration's own; others stay.

    It does not work where some of them were changed: the rest is no file.
    """
    old, new = (
        [line.rstrip() for line in text.splitlines()] for text in (own, now)
    )
    blocks = SequenceMatcher(None, old, new, False).get_matching_blocks()
    same = {it.b + index for it in blocks for index in range(it.size)}
    lines = now.splitlines(keepends=True)
    kept = [line for index, line in enumerate(lines) if index not in same]
    found = sum(1 for index in same if new[index])
    if 0 < found < sum(map(bool, old)):
        return None, False
    text = b"".join(kept)
    return text if text.strip() else None, True


def undone(now, after, before, work):
    """One file's content without the migration; (content, whether it worked).

    No content is a file that is not there.
    """
    if now in (after, before):
        return before, True
    if before is None and now is not None:
        return without_lines(now, after or b"")
    content = merged(now, after, before, work)
    return content, content is not None


def merge(options, edited):
    options.out.mkdir(parents=True, exist_ok=True)
    work = options.out.with_name("merging")
    work.mkdir(exist_ok=True)
    changed, deleted, conflicts, written = [], [], [], []
    for path in [*edited["changed"], *edited["deleted"]]:
        now = read(options.now / path)
        after, before = read(options.after / path), read(options.before / path)
        if path in edited["deleted"] and now not in (None, before):
            if not is_ignored(options.now, path):
                written.append(path)
                continue
            now = None  # what is there by now is written by a build
        content, worked = undone(now, after, before, work)
        if not worked:
            conflicts.append(path)
        elif content is None:
            deleted.append(path)
        elif content != now:
            target = options.out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            there = options.now if now is not None else options.before
            target.chmod(0o755 if is_executable(there / path) else 0o644)
            changed.append(path)
    if written:
        names = ", ".join(written)
        error = (
            f"--undo: the migration deleted {names}, and there is another one"
            " by now, which would be overwritten. Move it out of the way and"
            " call again. Nothing was changed."
        )
        print(json.dumps({"error": error}))
        sys.exit(1)
    if conflicts:
        names = ", ".join(conflicts)
        error = (
            f"--undo: lines that the migration changed were changed again in"
            f" {names}. Undo it there by hand: `git log -p` shows what they"
            " were. Nothing was changed."
        )
        print(json.dumps({"error": error}))
        sys.exit(1)
    return {"changed": changed, "deleted": deleted}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("do", choices=["history", "merge"])
    for name in ("--source", "--before", "--after", "--now", "--out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args(arguments)
    if options.do == "history":
        print(json.dumps(history(options.source)))
    else:
        print(json.dumps(merge(options, json.load(sys.stdin))))


if __name__ == "__main__":
    main()
