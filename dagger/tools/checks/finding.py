"""What checks find, and what a row of their table is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from archives import Distribution


class Problem(str):
    """A finding that fails the check."""


class Note(str):
    """A finding worth reading that fails nothing."""


class Evidence(str):
    """What the check looked at, or compared, to come to its verdict."""


@dataclass(frozen=True)
class Check:
    """A named check: what it protects from is shown when it fails.

    `run` is a function of a Distribution that yields findings. The problems
    of a check with the severity `warning` fail nothing.
    """

    id: str
    protects: str
    run: "Callable[[Distribution], Iterator[str]]"
    severity: str = "error"


def matches(path, patterns):
    return any(fnmatch(path, pattern) for pattern in patterns)


def listed(paths, most=5):
    """Paths in a sentence, the first few of them."""
    names = sorted(paths)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def in_tests(path):
    """Whether a path is among tests, examples or documentation."""
    folders = path.lower().split("/")
    words = ("test", "example", "doc", "fixture", "sample", "bench")
    words += ("dummy", "mock")
    return any(folder.startswith(words) for folder in folders[:-1])
