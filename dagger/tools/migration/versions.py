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


def assigned(node):
    """Names and constant text of an assignment, or None."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    else:
        return None
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    value = getattr(node.value, "value", None)
    if len(names) < len(targets) or not isinstance(value, str):
        return None
    return names, value


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


def is_assignment(node):
    """Whether a statement does nothing but name constants."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    value = getattr(node, "value", None)
    simple = isinstance(value, (ast.Constant, ast.Tuple, ast.Name))
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and simple


def only_assigns(source, paths):
    """Modules called `_version.py` that can be written anew on each build."""
    versions = [p for p in paths if PurePosixPath(p).name == "_version.py"]
    return [
        path
        for path, _, tree in modules(source, versions)
        if tree and all(map(is_assignment, tree.body))
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
