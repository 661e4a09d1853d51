"""What a project leaves out of its sdist on purpose, as far as it says so.

`MANIFEST.in` of setuptools, and the exclude lists of hatch, pdm, flit and
poetry; a rule that is read here too widely hides a loss, never invents one.
"""

import re
from fnmatch import fnmatch

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

# Tables of pyproject.toml with lists of excluded paths.
TABLES = (
    ("tool", "hatch", "build", "exclude"),
    ("tool", "hatch", "build", "targets", "sdist", "exclude"),
    ("tool", "pdm", "build", "excludes"),
    ("tool", "flit", "sdist", "exclude"),
    ("tool", "poetry", "exclude"),
    ("tool", "uv", "build-backend", "source-exclude"),
)


def from_pyproject(content):
    """Patterns of the exclude lists, those of gitignore's kind."""
    for table in TABLES:
        value = tomllib.loads(content)
        for key in table:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, dict) and isinstance(entry.get("path"), str):
                yield entry["path"]


def fits(path, pattern):
    """Whether a gitignore-like pattern has a path, or a folder of it."""
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    bare = pattern.strip("/")
    if "/" not in pattern.rstrip("/"):  # of any folder
        return any(fnmatch(part, bare) for part in parts)
    deep = bare.removeprefix("**/")
    return any(
        fnmatch(head, bare) or (deep != bare and fnmatch(head, deep))
        for head in heads
    )


def manifest_rules(content):
    """(command, folder, patterns) of each excluding line of MANIFEST.in."""
    joined = re.sub(r"\\\n", " ", content)
    for line in joined.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        command, *rest = words
        if command == "prune" and rest:
            yield command, rest[0].strip("/"), []
        elif command in ("exclude", "global-exclude"):
            yield command, "", rest
        elif command == "recursive-exclude" and rest:
            yield command, rest[0].strip("/"), rest[1:]


def fits_manifest(path, rule):
    command, folder, patterns = rule
    name = path.rsplit("/", 1)[-1]
    if command == "prune":
        return path.startswith(f"{folder}/") or fnmatch(path, f"{folder}/*")
    if command == "exclude":
        return any(fnmatch(path, pattern) for pattern in patterns)
    inside = command == "global-exclude" or path.startswith(f"{folder}/")
    return inside and any(
        fnmatch(name, pattern) or fnmatch(path, f"*{pattern}")
        for pattern in patterns
    )


def read(path):
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def excluded(project, paths):
    """Those of some tracked paths that the project excludes itself."""
    patterns = list(from_pyproject(read(project / "pyproject.toml")))
    rules = list(manifest_rules(read(project / "MANIFEST.in")))
    return {
        path
        for path in paths
        if any(fits(path, pattern) for pattern in patterns)
        or any(fits_manifest(path, rule) for rule in rules)
    }
