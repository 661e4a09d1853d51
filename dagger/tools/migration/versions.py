"""Where a project writes its version, and who changes it there."""

import ast
import re
from pathlib import PurePosixPath

from migration.text import read, span

# Names that modules give their version, whatever its value is by now.
NAMES = {"__version__"}

# Texts that state a version beside the code: by suffix or name.
STATING = {".cfg", ".toml", ".yml", ".yaml", ".cff", ".json", ".ini", ".py"}
NOT_STATING = {"pyproject.toml", "package-lock.json", "poetry.lock", "uv.lock"}

# Lines that tell since when something is, which stays true.
HISTORY = re.compile(
    r"\b(version-?(added|changed|removed)|deprecated)\b"
    r"|\b(added|changed|fixed|introduced|new|removed|since|until) (in |with )?"
    r"(the )?(version|release)\b",
    re.I,
)

# Files that run commands, and the commands that write a version.
RUNNING = {".yml", ".yaml", ".sh", ".cfg", ".ini", ".toml", ".mk"}
RUNNING_NAMES = {
    *("Makefile", "justfile", "noxfile.py", "tasks.py"),
    "release-please-config.json",
}
BUMPS = re.compile(
    # The tools themselves, and not the files that they are set up by.
    r"\b(bump-?my-version|bump2?version|tbump)\b(?!\.(cfg|toml))"
    r"|\bcz bump\b|\bbumpver\b"
    r"|\b(poetry|hatch|pdm|uv) version\s+[\"'$\w]"
    r"|\bsemantic-release (version|publish)\b|\bpdm bump\b"
    r"|\brelease-please(-action@| (release-pr|manifest-pr)\b)"
    r"|\brelease-type[\"']?:\s*[\"']?python\b"
    r"|\bsed\b.*\bversion\b|\[tool\.(bumpversion|commitizen|tbump|bumpver)\b"
    r"|^\s*\[(tool\.)?semantic_release\]"
)

# Comments that have a tool write the version into their line.
MARKED = STATING | {".md", ".rst", ".txt"}
MARKS = re.compile(r"\bx-release-please-(start-)?(version|major|minor|patch)\b")


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
                start, end = span(text, node)
                found.append(
                    {
                        "path": path,
                        "line": node.lineno,
                        "names": names,
                        "value": value,
                        "start": start,
                        "end": end,
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
    # Of bytes, lines end as Python counts them.
    texts = [line.decode("utf-8", "replace") for line in content.splitlines()]
    return enumerate(texts, 1)


def numbers(node):
    """The whole numbers that a tuple, a list or a call begins with."""
    items = getattr(node, "elts", None) or getattr(node, "args", None) or []
    found = []
    for item in items:
        value = getattr(item, "value", None)
        if not isinstance(value, int):
            break
        found.append(value)
    return found


def is_made(node):
    """Whether a text is put together: `f"{A}.{B}"`, or `".".join(…)`."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", None) in {"join", "format"}
    return isinstance(node, (ast.JoinedStr, ast.BinOp))


def is_release(parts, version):
    """Whether numbers are those that a version begins with: (1, 2) of 1.2.3."""
    public = version.split("!")[-1].split("+")[0]
    release = [int(it) for it in re.findall(r"\d+", public)]
    same = all(one == other for one, other in zip(parts, release))
    return len(parts) > 1 and same and not any(parts[len(release) :])


def in_parts(source, paths, version):
    """Lines that state the version as numbers, or put it together of them."""
    found = []
    for path, _, tree in modules(source, paths):
        stated, made = [], []
        for node in tree.body if tree else []:
            names = targets(node)
            named = re.search("version", " ".join(names), re.I)
            if named and is_release(numbers(node.value), version):
                stated.append(node.lineno)
            elif NAMES.intersection(names) and is_made(node.value):
                made.append(node.lineno)
        found += [{"path": path, "line": line} for line in stated or made]
    return found


def is_just(source, path, version):
    """Whether a file such as VERSION has the version, and nothing else."""
    file = source / path
    if not re.search(r"ver|release", file.name, re.I):
        return False
    if file.stat().st_size > len(version) + 8:
        return False
    texts = (version.encode(), f"v{version}".encode())
    return file.read_bytes().strip() in texts


def mentions(source, paths, version):
    """Other lines that state this very version."""
    exact = re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.]|\.\d)")
    found = in_parts(source, paths, version)
    for path in paths:
        pure = PurePosixPath(path)
        if is_just(source, path, version):
            found.append({"path": path, "line": 1})
        elif pure.suffix in STATING and pure.name not in NOT_STATING:
            for number, line in lines(source, path):
                said = exact.search(line) and not HISTORY.search(line)
                if said and re.search(r"version|release", line, re.I):
                    found.append({"path": path, "line": number})
    return found


def is_bump(path, line):
    """Whether a line has a tool write a version; comments run nothing."""
    if MARKS.search(line):
        return True
    pure = PurePosixPath(path)
    if pure.suffix not in RUNNING and pure.name not in RUNNING_NAMES:
        return False
    return bool(BUMPS.search(re.sub(r"(^|\s)#.*", "", line)))


def bumps(source, paths):
    """Lines that change a version by hand; of a tool's tables the first."""
    found = []
    for path in paths:
        pure, told = PurePosixPath(path), set()
        if pure.suffix in RUNNING | MARKED or pure.name in RUNNING_NAMES:
            for number, line in lines(source, path):
                header = re.match(r"\s*\[+tool\.(\w+)", line)
                tool = header[1] if header else number
                if tool not in told and is_bump(path, line):
                    told.add(tool)
                    where = {"path": path, "line": number}
                    found.append({**where, "text": line.strip()})
    return found
