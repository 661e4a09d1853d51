"""Compares two distributions of one version, file by file, field by field.

    python -m migration.compare --before /before --after /after

Prints a list of differences, as data: which of them are meant is decided by
the module (migration/differences.ts). Each has "in" (wheel or sdist), "kind"
(lost, added, changed, executable, field), "name" (a path in the archive, or a
field's), and for fields the values of both sides. Values that mean the same
and are spelled differently come as the kind "spelling". Modules are "broken"
where they no longer compile, and those that have lost "names" are told apart,
too: others may import them.
"""

import argparse
import ast
import json
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from archives import read_distribution, sha256
from migration.survey import body, entry_points, metadata_fields
from migration.text import flaw
from migration.versions import targets


def marker(read):
    """A marker as a tree, whatever its order and its parentheses."""
    if isinstance(read, tuple):
        return "is", " ".join(part.serialize() for part in read)
    alternatives = [[]]
    for part in read:
        if part == "or":
            alternatives.append([])
        elif part != "and":
            alternatives[-1].append(marker(part))
    return flat("or", [flat("and", parts) for parts in alternatives])


def flat(word, parts):
    """Parts of a tree: those that have the same word are parts of it."""
    found = set()
    for part in parts:
        found.update(part[1] if part[0] == word else [part])
    return found.pop() if len(found) == 1 else (word, tuple(sorted(found)))


def requirement(text):
    """One spelling of a requirement, whoever wrote it."""
    try:
        read = Requirement(text)
    except InvalidRequirement:
        return text
    # packaging has no public way to look into a marker.
    when = marker(read.marker._markers) if read.marker else ""
    read.name = canonicalize_name(read.name)
    read.extras = {canonicalize_name(extra) for extra in read.extras}
    read.marker = None
    return f"{read} {when}"


def version(text):
    try:
        return str(Version(text))
    except InvalidVersion:
        return text


def specifiers(text):
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        return text


def keywords(text):
    return ",".join(sorted(filter(None, map(str.strip, text.split(",")))))


def url(text):
    label, _, address = text.partition(",")
    return f"{label.strip().lower()}, {address.strip()}"


def content_type(text):
    """`charset=UTF-8` is what a content type has without saying so."""
    parts = [part.strip().lower() for part in text.split(";")]
    return "; ".join(part for part in parts if part != "charset=utf-8")


# Fields that can be spelled in more than one way.
SPELLED = {
    "Version": version,
    "Requires-Dist": requirement,
    "Requires-Python": specifiers,
    "Keywords": keywords,
    "Project-URL": url,
    "Provides-Extra": canonicalize_name,
    "Description": body,
    "Description-Content-Type": content_type,
    "License": body,
}


def compare_fields(where, before, after):
    """Differences of two sets of fields."""
    for name in sorted({*before, *after}):
        old, new = before.get(name, []), after.get(name, [])
        if old == new:
            continue
        spelled = SPELLED.get(name, str)
        # A field without a value says no more than none.
        values = (sorted(filter(None, map(spelled, it))) for it in (old, new))
        same = next(values) == next(values)
        yield {
            "in": where,
            "kind": "spelling" if same else "field",
            "name": name,
            "before": old,
            "after": new,
        }


def compare_files(where, before, after):
    """Differences of two sets of hashes, by path."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        kind = "lost" if new is None else "added" if old is None else "changed"
        yield {
            "in": where,
            "kind": kind,
            "name": path,
            "sha256": new or old,
        }


# What generated modules of old name beside what they are there for.
OWN_NAMES = {"TYPE_CHECKING"}


def assigned_names(tree):
    """What a module itself gives a value at its top."""
    stated = [it for it in tree.body if getattr(it, "value", None) is not None]
    made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        *(name for node in stated for name in targets(node)),
        *(node.name for node in tree.body if isinstance(node, made)),
    }


def known_names(tree):
    """What can be imported from a module, as far as its text tells."""
    nodes = [*ast.walk(tree)]
    aliases = [it for it in nodes if isinstance(it, ast.alias)]
    return {
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(
            node.name
            for node in nodes
            if hasattr(node, "body") and hasattr(node, "name")
        ),
        *(it.asname or it.name for it in aliases),
    }


def compare_module(old, new):
    """What a module has come to: a kind of difference with its values.

    One that is new, or did not compile before, has no names to lose.
    """
    if flaw(new):
        return {"kind": "broken", "before": [], "after": [flaw(new)]}
    before = set() if old is None else assigned_names(ast.parse(old))
    lost = sorted(before - known_names(ast.parse(new)) - OWN_NAMES)
    return {"kind": "names", "before": lost, "after": []} if lost else None


def compare_modules(where, before, after):
    """Modules that broke or lost names, of two sets of contents."""
    for path, content in sorted(after.items()):
        old = before.get(path)
        moved = old is None and content in before.values()
        broke = old is not None and flaw(old)
        if path.endswith(".py") and content != old and not (moved or broke):
            found = compare_module(old, content)
            if found:
                yield {"in": where, "name": path, **found}


def wheel_files(wheel):
    """Hashes of a wheel's files, but for those compared by their content.

    The folder of its metadata is called `.dist-info` whatever its name: the
    spelling of it is the backend's.
    """
    generated = {"METADATA", "WHEEL", "RECORD", "entry_points.txt"}
    found = {}
    for path, content in wheel.contents.items():
        top, _, rest = path.partition("/")
        if top == wheel.info:
            if rest not in generated:
                found[f".dist-info/{rest}"] = sha256(content)
        elif top.endswith(".data"):
            found[f".data/{rest}"] = sha256(content)
        else:
            found[path] = sha256(content)
    return found


def executables(wheel):
    """Files of a wheel that can be run."""
    return {
        member.filename
        for member in wheel.members
        if (member.external_attr >> 16) & 0o111
    }


def wheel_about(wheel):
    """The WHEEL file, as fields."""
    fields = {}
    text = wheel.contents.get(f"{wheel.info}/WHEEL", b"").decode()
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if value:
            fields.setdefault(f"WHEEL {name}", []).append(value.strip())
    return fields


def entry_fields(wheel):
    """Entry points as fields: `[console_scripts] demo`, and what it calls."""
    return {
        f"[{group}] {name}": ["".join(value.split())]
        for group, entries in entry_points(wheel).items()
        for name, value in entries.items()
    }


def compare_wheels(before, after):
    yield from compare_files("wheel", wheel_files(before), wheel_files(after))
    for read in (wheel_about, entry_fields):
        yield from compare_fields("wheel", read(before), read(after))
    old, new = (metadata_fields(it.metadata) for it in (before, after))
    yield from compare_fields("wheel", old, new)
    both = wheel_files(before).keys() & wheel_files(after).keys()
    changed = executables(before) ^ executables(after)
    for path in sorted(changed & both):
        gone = path in executables(before)
        kind = "executable"
        entry = {"in": "wheel", "kind": kind, "name": path}
        yield {**entry, "before": [str(gone)], "after": [str(not gone)]}


def compare_sdists(before, after, wheels):
    """Differences of two sdists, but for fields that differ as the wheels'."""
    hashes = [dict(it.unpacked) for it in (before, after)]
    for files in hashes:
        files.pop("PKG-INFO", None)
    yield from compare_files("sdist", *hashes)
    old, new = (metadata_fields(it.metadata) for it in (before, after))
    for difference in compare_fields("sdist", old, new):
        if {**difference, "in": "wheel"} not in wheels:
            yield difference


def compare(before, after):
    old, new = read_distribution(before), read_distribution(after)
    wheel, sdist = new.wheels[0].contents, new.sdists[0].contents
    wheels = [
        *compare_wheels(old.wheels[0], new.wheels[0]),
        *compare_modules("wheel", old.wheels[0].contents, wheel),
    ]
    # Most modules are in both, and told of once.
    others = {p: it for p, it in sdist.items() if it not in wheel.values()}
    sdists = [
        *compare_sdists(old.sdists[0], new.sdists[0], wheels),
        *compare_modules("sdist", old.sdists[0].contents, others),
    ]
    return {
        "differences": [*wheels, *sdists],
        "wheelFiles": len(old.wheels[0].contents),
        "sdistFiles": len(old.sdists[0].unpacked),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    options = parser.parse_args(arguments)
    print(json.dumps(compare(options.before, options.after)))


if __name__ == "__main__":
    main()
