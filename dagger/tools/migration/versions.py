"""Where a project writes its version, and who changes it there."""

import ast
import re
from pathlib import PurePosixPath

from migration.text import offset, read

# Names that modules give their version, whatever its value is by now.
NAMES = {"__version__"}

# Texts that state a version beside the code: by suffix or name.
STATING = {".cfg", ".toml", ".yml", ".yaml", ".cff", ".json", ".ini", ".py"}
NOT_STATING = {"pyproject.toml", "package-lock.json", "poetry.lock", "uv.lock"}

# Files that run commands, and the commands that write a version.
RUNNING = {".yml", ".yaml", ".sh", ".cfg", ".ini", ".toml", ".mk"}
RUNNING_NAMES = {"Makefile", "justfile", "noxfile.py", "tasks.py"}
BUMPS = re.compile(
    r"\b(bump-?my-version|bump2?version|tbump)\b|\bcz bump\b|\bbumpver\b"
    r"|\b(poetry|hatch|pdm|uv) version\s+[\"'$\w]"
    r"|\bsemantic-release (version|publish)\b|\bpdm bump\b"
    r"|\bsed\b.*\bversion\b|\[tool\.(bumpversion|commitizen|tbump|bumpver)\b"
)


def parsed(source, path):
    """A module's text and syntax tree; the tree is None where it has none."""
    text = read(source / path)
    try:
        return text, ast.parse(text)
    except (SyntaxError, ValueError):
        return text, None


def modules(source, paths):
    for path in paths:
        if path.endswith(".py"):
            yield path, *parsed(source, path)


def targets(node):
    """Names that a statement assigns to; none where it does more."""
    if isinstance(node, ast.Assign):
        found = node.targets
    elif isinstance(node, ast.AnnAssign):
        found = [node.target]
    else:
        return []
    names = [it.id for it in found if isinstance(it, ast.Name)]
    return names if len(names) == len(found) else []


def assigned(node):
    """Names and constant text of an assignment, or None."""
    names = targets(node)
    value = getattr(node.value, "value", None) if names else None
    return (names, value) if isinstance(value, str) else None


def literals(source, paths, version):
    """Assignments of a version at the top of a module."""
    found = []
    for path, text, tree in modules(source, paths):
        for node in tree.body if tree else []:
            names, value = assigned(node) or ([], "")
            named = NAMES.intersection(names)
            if value == version or (named and re.match(r"v?\d+\.", value)):
                place = (node.lineno, node.col_offset)
                end = (node.end_lineno, node.end_col_offset)
                found.append(
                    {
                        "path": path,
                        "line": node.lineno,
                        "names": names,
                        "value": value,
                        "start": offset(text, *place),
                        "end": offset(text, *end),
                    }
                )
    return found


# What setuptools-scm writes into its module, by the kind of value.
TEXTS = {"__version__", "version", "__commit_id__", "commit_id"}
TUPLES = {"__version_tuple__", "version_tuple"}


def is_written_anew(node):
    """Whether setuptools-scm writes such a statement into its module, too."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    names, value = set(targets(node)), getattr(node, "value", None)
    if isinstance(value, ast.Constant):
        fit = TEXTS if isinstance(value.value, str) else set()
    elif isinstance(value, ast.Tuple):
        fit = TUPLES
    elif isinstance(value, ast.Name):
        fit = next((it for it in (TEXTS, TUPLES) if value.id in it), set())
    else:
        # `version: str`, and what `import *` takes.
        fit = {"__all__"} if value else TEXTS | TUPLES
    return bool(names) and names <= fit


def only_versions(source, paths):
    """Modules called `_version.py` that can be written anew on each build.

    Whatever else one of them has, others may import.
    """
    versions = [p for p in paths if PurePosixPath(p).name == "_version.py"]
    return [
        path
        for path, _, tree in modules(source, versions)
        if tree and all(map(is_written_anew, tree.body))
    ]


def lines(source, path):
    content = (source / path).read_bytes()
    if len(content) > 1_000_000 or b"\0" in content:
        return []
    return enumerate(content.decode("utf-8", "replace").splitlines(), 1)


def mentions(source, paths, version):
    """Other lines that state this very version."""
    exact = re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.]|\.\d)")
    found = []
    for path in paths:
        pure = PurePosixPath(path)
        if pure.suffix not in STATING or pure.name in NOT_STATING:
            continue
        for number, line in lines(source, path):
            if exact.search(line) and re.search(r"version|release", line, re.I):
                found.append({"path": path, "line": number})
    return found


def bumps(source, paths):
    """Lines that change a version by hand."""
    found = []
    for path in paths:
        pure = PurePosixPath(path)
        if pure.suffix in RUNNING or pure.name in RUNNING_NAMES:
            for number, line in lines(source, path):
                if BUMPS.search(line):
                    where = {"path": path, "line": number}
                    found.append({**where, "text": line.strip()})
    return found
