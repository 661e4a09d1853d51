"""Carries out the edits of a migration.

    python -m migration.edit --source /src/demo --out /out < PLAN

PLAN is what migration/plan.ts decided: {"pyproject": [EDIT], "removed":
[HEADER], "added": TABLES, "texts": [{"path", "start", "end", "text"}],
"appended": [{"path", "lines"}], "sections": [{"path", "begin"}], "deleted":
[PATH]}. Writes the changed files
under OUT and prints {"changed": [PATH], "deleted": [PATH]}.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from migration.text import encoding_of, flaw, line_end, read, write
from migration.versions import BUMPS

# Where new tables go: it is written and replaced within one edit.
MARK = "# pypi-deploy: new tables"


def as_item(value):
    """A value as people write it: long lists have a line for each item."""
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(map(as_item, value))
        long = len(json.dumps(value)) > 72
        return array.multiline(long and len(value) > 1)
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update({key: as_item(it) for key, it in value.items()})
        return table
    return tomlkit.item(value)


def as_table(value):
    """A table of its own, with the tables in it below."""
    table = tomlkit.table(is_super_table=all_tables(value))
    for key, inner in value.items():
        if isinstance(inner, dict) and not is_inline(inner):
            table.add(key, as_table(inner))
        else:
            table.add(key, as_item(inner))
    return table


def all_tables(value):
    return bool(value) and all(
        isinstance(it, dict) and not is_inline(it) for it in value.values()
    )


def is_inline(value):
    """Whether people write it on one line: { file = "README.md" }."""
    keys = {"file", "text", "name", "email", "content-type"}
    return bool(value) and set(value) <= keys


def find(doc, path):
    """The table at a path; None where there is none."""
    for key in path:
        if not hasattr(doc, "get") or doc.get(key) is None:
            return None
        doc = doc[key]
    return doc


def remove(doc, path):
    """Removes what is at a path, and tables that are empty without it."""
    *parents, key = path
    table = find(doc, parents)
    if table is None or key not in table:
        return
    del table[key]
    if parents and len(table) == 0:
        remove(doc, parents)


def rename(table, old, new, value):
    """Puts a key with a new value where another one stood.

    A comment stays, but for one that tells who writes the old value.
    """
    # One that is written in several places is a proxy of its parts. tomlkit
    # has a public way to append, and none to keep a place.
    for part in getattr(table, "_tables", [table]):
        if old in part:
            item = as_item(value)
            comment = part.value.item(old).trivia.comment
            part.value._replace(old, new, item)
            if BUMPS.search(comment):
                item.trivia.comment_ws = item.trivia.comment = ""


def add(table, key, item):
    """Adds a key behind the last one.

    tomlkit would add it behind comments at the table's end, which are about
    the next table; one of them is the mark, and behind it is another table.
    """
    for part in getattr(table, "_tables", [table]):
        plain = [
            name
            for name, value in part.items()
            if not isinstance(value, (Table, AoT))
        ]
        if plain and isinstance(part, Table):
            part.value._insert_after(plain[-1], key, item)
            return
    table[key] = item


def change_list(table, key, removed, added):
    """Changes items of a list, which keeps its form and comments."""
    array = table.get(key)
    if array is None:
        add(table, key, as_item(added))
        return
    for value in removed:
        while value in array:
            array.remove(value)
    for value in added:
        if value not in array:
            array.append(value)


def set_value(table, key, value):
    """Sets a value; a comment behind the old one stays."""
    old = table.get(key)
    item = as_item(value)
    if old is None:
        add(table, key, item)
        return
    if not isinstance(old, (Table, AoT)):
        item.trivia.comment_ws = old.trivia.comment_ws
        item.trivia.comment = old.trivia.comment
    table[key] = item


def edit_table(doc, edit):
    """One edit: {"do", "path", …}; the path's last part is the key."""
    *parents, key = edit["path"]
    if edit["do"] == "remove":
        remove(doc, edit["path"])
        return
    table = find(doc, parents)
    if edit["do"] == "set":
        set_value(table, key, edit["value"])
    elif edit["do"] == "rename":
        rename(table, key, edit["to"], edit["value"])
    else:
        change_list(table, key, edit["removed"], edit["added"])


def marked(text, removed):
    """The text with the mark before the first table that goes, or last."""
    names = "|".join(re.escape(name) for name in removed)
    header = re.compile(rf"^\[+ *({names})[\].]", re.M) if removed else None
    found = header.search(text) if header else None
    if found is None:
        return f"{text.rstrip()}\n\n{MARK}\n"
    return f"{text[: found.start()]}{MARK}\n\n{text[found.start() :]}"


def open_inline(doc, keys):
    """Writes tables that are on one line as tables that can be added to."""
    for key in keys:
        table = doc.get(key)
        if isinstance(table, InlineTable):
            value = table.unwrap()
            doc.remove(key)
            doc.add(key, as_table(value))


def edit_pyproject(text, plan):
    """pyproject.toml after the migration."""
    doc = tomlkit.parse(marked(text, plan["removed"]))
    open_inline(doc, plan["added"])
    for edit in plan["pyproject"]:
        edit_table(doc, edit)
    added = tomlkit.document()
    for key, value in plan["added"].items():
        added.add(key, as_table(value))
    tables = tomlkit.dumps(added).strip()
    before, _, after = tomlkit.dumps(doc).partition(f"{MARK}\n")
    parts = [before.rstrip(), tables, after.strip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"


def edit_texts(text, edits):
    """Replaces parts of a text, given by offset.

    A comment behind one goes, too, if it tells who writes the old value.
    """
    end = line_end(text)
    for edit in sorted(edits, key=lambda it: it["start"], reverse=True):
        new = edit["text"].replace("\n", end)
        after = text[edit["end"] :]
        comment = re.match(r"[ \t]*#[^\r\n]*", after)
        if comment and BUMPS.search(comment[0]):
            after = after[comment.end() :]
        text = text[: edit["start"]] + new + after
    return text


def in_lines(change, text, *rest):
    """Changes a text; where all its lines end as on Windows, new ones do."""
    if 0 < text.count("\n") == text.count("\r\n"):
        changed = change(text.replace("\r\n", "\n"), *rest)
        return changed.replace("\n", "\r\n")
    return change(text, *rest)


def append(text, lines):
    missing = [line for line in lines if line not in text.splitlines()]
    if not missing:
        return text
    start = [text.rstrip()] if text.strip() else []
    return "\n".join([*start, *missing, ""])


def drop_sections(text, begin):
    """A configuration without sections whose names begin like this."""
    kept, dropping = [], False
    for line in text.splitlines(keepends=True):
        header = re.match(r"\[(.*)\]", line)
        if header:
            dropping = header[1].startswith(tuple(begin))
        if not dropping:
            kept.append(line)
    return "".join(kept)


def refuse_broken(source, changed):
    """Stops where a module compiled before, and would not from now on."""
    broken = [
        f"{path} ({flaw(text)})"
        for path, text in sorted(changed.items())
        if path.endswith(".py") and flaw(text) and not flaw(read(source / path))
    ]
    if broken:
        error = (
            f"The edits would break {', '.join(broken)}. Nothing was changed."
            " Let it import its version from somewhere else before, and call"
            " again."
        )
        print(json.dumps({"error": error}))
        sys.exit(1)


def edit(source, out, plan):
    pyproject = read(source / "pyproject.toml")
    texts = {"pyproject.toml": in_lines(edit_pyproject, pyproject, plan)}
    for path in {it["path"] for it in plan["texts"]}:
        edits = [it for it in plan["texts"] if it["path"] == path]
        texts[path] = edit_texts(read(source / path), edits)
    for entry in plan["appended"]:
        path = entry["path"]
        texts[path] = in_lines(append, read(source / path), entry["lines"])
    for entry in plan["sections"]:
        text = read(source / entry["path"])
        texts[entry["path"]] = drop_sections(text, entry["begin"])
    changed = {
        path: text
        for path, text in texts.items()
        if text != read(source / path)
    }
    refuse_broken(source, changed)
    for path, text in changed.items():
        write(out / path, text, encoding_of(source / path))
        mode = (source / path).stat().st_mode if (source / path).exists() else 0
        (out / path).chmod(0o755 if mode & 0o100 else 0o644)
    return {"changed": sorted(changed), "deleted": plan["deleted"]}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    print(json.dumps(edit(options.source, options.out, json.load(sys.stdin))))


if __name__ == "__main__":
    main()
