"""Where setup.cfg and setup.py state the version, and how it is taken out.

Everything else in them stays as it is. In setup.py that is the keyword, and
what nothing but the keyword needed: an import, a function that reads a file.
"""

import ast
import json
import re
from bisect import bisect_right
from pathlib import Path

from migration.text import read, span
from migration.versions import targets
from setup_files import configuration, constant, parsed, setup_calls

CONFIG = "setup.cfg"
SCRIPT = "setup.py"


class Text:
    """A text, its lines as Python and git count them."""

    def __init__(self, text):
        self.text = text
        ends = [it.end() for it in re.finditer(r"\r\n|\r|\n", text)]
        self.starts = [0, *ends]
        self.ends = [*ends, len(text)]

    def line(self, number):
        return self.text[self.starts[number - 1] : self.ends[number - 1]]

    def number(self, offset):
        """The line of an offset, from 1."""
        return bisect_right(self.starts, offset)

    def span(self, node):
        return span(self.text, node)

    def alone(self, start, end, behind=r"[ \t\f]*(#.*)?"):
        """Whether a part has its lines for itself, but for a comment."""
        first, last = self.number(start), self.number(end)
        rest = self.text[end : self.ends[last - 1]].rstrip("\r\n")
        before = self.text[self.starts[first - 1] : start]
        return not before.strip() and re.fullmatch(behind, rest) is not None

    def lines(self, start, end):
        return range(self.number(start), self.number(end) + 1)


# setup.cfg


def config_lines(text):
    """Numbers of the lines that have [metadata] version, and its value."""
    section, key, found, value = "", "", [], ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        header = re.match(r"\[([^\]]*)\]", line)
        option = re.match(r"([^\s#;=:][^=:]*?)\s*[=:](.*)", line)
        if header:
            section, key = header[1], ""
        elif option:
            key = option[1]
        elif not (line.strip() and line[0].isspace()):
            continue
        if section == "metadata" and key == "version" and not header:
            found.append(number)
            value += option[2] if option else line
    return found, value.strip()


# setup.py


def loads(tree, without=()):
    """How often each name is asked for, outside of some nodes."""
    counts, queue = {}, [tree]
    while queue:
        node = queue.pop()
        if any(node is it for it in without):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            counts[node.id] = counts.get(node.id, 0) + 1
        queue.extend(ast.iter_child_nodes(node))
    return counts


def executed(node):
    """The `exec(…)` that a statement is, or None."""
    call = node.value if isinstance(node, ast.Expr) else None
    name = getattr(getattr(call, "func", None), "id", None)
    return call if name == "exec" else None


def named_files(tree, source):
    """Files that calls name: `open("a/b.py")`, `join(here, "a", "b.py")`."""
    found = []
    for node in ast.walk(tree):
        values = [getattr(it, "value", 0) for it in getattr(node, "args", [])]
        texts = [it for it in values if isinstance(it, str) and it]
        for path in dict.fromkeys([*texts, "/".join(texts)]):
            if path and "\0" not in path and (source / path).is_file():
                found.append(path)
    return found


def bound(node, source, around=None):
    """Names that a statement does nothing but bind; None where it does more.

    `around` is the `with` that opens what it executes.
    """
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        if getattr(node, "module", None) == "__future__":
            return None
        return {it.asname or it.name.partition(".")[0] for it in node.names}
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.With):
        inner = [bound(it, source, node) for it in node.body]
        names = [it.optional_vars for it in node.items]
        files = {it.id for it in names if isinstance(it, ast.Name)}
        return None if None in inner else files.union(*inner)
    call = executed(node)
    if call is None:
        return set(targets(node)) or None
    if len(call.args) > 1:
        name = getattr(call.args[1], "id", None)
        return {name} if name else None
    return {
        name
        for file in named_files(around or call, source)
        for it in parsed(read(source / file) or "").body
        for name in targets(it)
    } or None


def unneeded(tree, gone, source):
    """Statements at the top that nothing needs when some nodes are gone."""
    gone = list(gone)
    found = []
    grown = True
    while grown:
        grown = False
        asked = {name for node in gone for name in loads(node)}
        for node in tree.body:
            names = bound(node, source)
            if node in found or not names or not names & asked:
                continue
            others = loads(tree, [*gone, node])
            if not names & others.keys():
                found.append(node)
                gone.append(node)
                grown = True
    return found


def left_over(tree, gone, source):
    """What binds names that only nodes that are gone ask for, and stays."""
    dead = {name for node in gone for name in loads(node)}
    dead -= loads(tree, gone).keys()
    queue = [node for node in tree.body if node not in gone]
    while queue:
        node = queue.pop(0)
        names = bound(node, source) or set()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names = {node.id}
        if names & dead:
            yield node, sorted(names & dead)[0]
        elif not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            queue.extend(ast.iter_child_nodes(node))


def with_comments(text, node):
    """Lines of a statement, with the comment above that is about it."""
    start, end = text.span(node)
    first = min(
        [it.lineno for it in getattr(node, "decorator_list", [])] or [0]
    )
    lines = text.lines(text.starts[first - 1] if first else start, end)
    above = lines[0]
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        while above > 1 and text.line(above - 1).startswith("#"):
            above -= 1
    # At the beginning of a file a comment is about the file.
    first = above if above > 1 else lines[0]
    return range(first, lines[-1] + 1)


def is_blank(text, number):
    return number > len(text.starts) or not text.line(number).strip()


def without_gaps(text, taken):
    """Lines to take, with the blank ones that would double."""
    taken = set(taken)
    last = len(text.starts)
    for number in sorted(taken):
        after = number + 1
        while after <= last and is_blank(text, after):
            after += 1
        if after in taken:
            taken.update(range(number, after))
    for number in sorted(taken):
        if number - 1 in taken:
            continue
        above, end = number, number
        while end in taken:
            end += 1
        while above > 1 and is_blank(text, above - 1):
            above -= 1
            if end <= last and is_blank(text, end) and end not in taken:
                taken.add(end)
                end += 1
    return taken


def line_edits(path, text, taken):
    """Edits that take whole lines out."""
    for number in sorted(taken):
        start, end = text.starts[number - 1], text.ends[number - 1]
        yield {"path": path, "start": start, "end": end, "text": ""}


def keyword_edit(text, call, keyword):
    """Where a keyword of a call is: whole lines, or a part of one."""
    start, end = text.span(keyword)
    comma = re.match(r"\s*,", text.text[end:])
    behind = end + comma.end() if comma else end
    if text.alone(start, behind):
        return text.lines(start, behind), None
    if comma:
        space = re.match(r"[ \t]*", text.text[behind:]).end()
        return (), (start, behind + space)
    others = [*call.args, *call.keywords]
    before = [text.span(it)[1] for it in others if text.span(it)[1] <= start]
    previous = max(before, default=start)
    joined = re.fullmatch(r"\s*,\s*", text.text[previous:start])
    return (), (previous if joined else start, end)


def is_beside(source, module):
    """Whether a module is found only where setup.py's folder is searched."""
    return (source / f"{module}.py").is_file() or (source / module).is_dir()


def imports(tree, gone):
    """Modules that are imported, with their statements."""
    queue = [tree]
    while queue:
        node = queue.pop(0)
        # A function may never be called, and a handler have nothing to do.
        later = (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)
        if isinstance(node, later) or any(node is it for it in gone):
            continue
        if isinstance(node, ast.Import):
            yield from ((node, it.name.partition(".")[0]) for it in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module.partition(".")[0]
        queue.extend(ast.iter_child_nodes(node))


def executions(tree, gone, source):
    """Files that are executed, with their statements."""
    for node in tree.body:
        runs = any(executed(it) for it in ast.walk(node))
        if runs and not any(node is it for it in gone):
            for file in named_files(node, source):
                yield node, file


def script_facts(source, text, name):
    """What to take out of setup.py, and what stays that would break."""
    tree = parsed(text)
    place = Text(text)
    gone, edits, taken, stated = [], [], set(), []
    for call in setup_calls(tree):
        for keyword in call.keywords:
            if keyword.arg == "version":
                stated.append({"path": SCRIPT, "line": keyword.lineno})
                lines, part = keyword_edit(place, call, keyword)
                taken.update(lines)
                if part:
                    edits.append((*part, ""))
                gone.append(keyword)
            # The module reads it, and runs nothing to do so.
            elif keyword.arg == "name" and not constant(tree, keyword.value):
                quote = min("'\"", key=lambda it: -text.count(it))
                written = json.dumps(name).replace('"', quote)
                edits.append((*place.span(keyword.value), written))
                gone.append(keyword)
    found = unneeded(tree, gone, source) if stated else []
    whole = [it for it in found if place.alone(*place.span(it))]
    gone += whole
    for node in whole:
        taken.update(with_comments(place, node))
    taken = without_gaps(place, taken)
    paths = "sys.path" in text

    def at(node, what):
        return {"path": SCRIPT, "line": node.lineno, "name": what}

    found = [
        *line_edits(SCRIPT, place, taken),
        *(
            {"path": SCRIPT, "start": start, "end": end, "text": text}
            for start, end, text in edits
        ),
    ]
    return {
        "stated": stated,
        "edits": found if stated else [],
        "taken": [{"path": SCRIPT, "line": it} for it in sorted(taken)]
        + stated,
        "left": [at(*it) for it in left_over(tree, gone, source)],
        "beside": [
            at(node, module)
            for node, module in imports(tree, gone)
            if is_beside(source, module) and not paths
        ],
        "executed": [at(*it) for it in executions(tree, gone, source)],
    }


def config_facts(text):
    """What to take out of setup.cfg."""
    lines, value = config_lines(text)
    # A section that does not parse is setuptools' to refuse.
    if "version" not in configuration(text).get("metadata", {}):
        lines, value = [], ""
    places = [{"path": CONFIG, "line": number} for number in lines]
    read_from = re.fullmatch(r"file:\s*(.*)", value)
    return {
        "stated": places[:1],
        "edits": [*line_edits(CONFIG, Text(text), lines)],
        "taken": places,
        "files": [read_from[1]] if read_from else [],
    }


def setup_version(source, name):
    """What is printed of both; `name` is the project's."""
    found = {
        key: []
        for key in (
            *("stated", "edits", "taken", "files"),
            *("left", "beside", "executed"),
        )
    }
    source = Path(source)
    for facts in (
        config_facts(read(source / CONFIG)),
        script_facts(source, read(source / SCRIPT), name),
    ):
        for key, items in facts.items():
            found[key] += items
    return found
