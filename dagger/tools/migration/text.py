"""Texts as they are: line ends, byte-order mark and encoding are kept."""

import re
import tokenize
import warnings
from itertools import accumulate

# What ends a line for Python; str.splitlines() knows more than these.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def encoding_of(path):
    """A module says how it is encoded; everything else is UTF-8."""
    if path.suffix != ".py" or not path.exists():
        return "utf-8"
    try:
        with path.open("rb") as file:
            return tokenize.detect_encoding(file.readline)[0]
    except SyntaxError:
        return "utf-8"


def read(path):
    """A text as it is; empty where there is no file."""
    if not path.exists():
        return ""
    return path.read_bytes().decode(encoding_of(path), "surrogateescape")


def write(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding, "surrogateescape"))


def line_end(text):
    """How the lines of a text end: as its first one does."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


def offset(text, line, column):
    """Where in a text a node of its syntax tree is.

    Lines are counted as Python counts them, columns in bytes of UTF-8.
    """
    lines = LINE.findall(text)
    start = [0, *accumulate(map(len, lines))][line - 1]
    return start + len(lines[line - 1].encode()[:column].decode())


def span(text, node):
    """Where a node of a text's syntax tree begins and ends."""
    return (
        offset(text, node.lineno, node.col_offset),
        offset(text, node.end_lineno, node.end_col_offset),
    )


def flaw(text):
    """Why a module's text does not compile; None where it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "module", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return str(error)
    return None
