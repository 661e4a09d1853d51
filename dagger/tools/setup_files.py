"""What setup.cfg and setup.py say of a project; they are read and never run."""

import ast
import configparser


def parsed(text):
    """A script's syntax tree; one of nothing where it does not parse."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.parse("")


def setup_calls(tree):
    """The calls of setuptools' `setup`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and "setup" in (getattr(node.func, part, "") for part in ("id", "attr"))
    ]


def keywords(tree):
    """What `setup` is told, by keyword; "**" has what it spreads."""
    return {
        keyword.arg or "**": keyword.value
        for call in setup_calls(tree)
        for keyword in call.keywords
    }


def constant(tree, node):
    """The text that an expression is, itself or by a name for it; or None."""
    if isinstance(node, ast.Name):
        values = [
            it.value
            for it in tree.body
            if isinstance(it, ast.Assign)
            and [getattr(target, "id", "") for target in it.targets]
            == [node.id]
        ]
        node = values[0] if len(values) == 1 else None
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else None


def configuration(text):
    """setup.cfg by section and key; nothing where it does not parse."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def said(config, script):
    """Name, extras, and whether there are dependencies.

    The texts of setup.cfg and setup.py, None where there is no such file.
    """
    sections = configuration(config or "")
    tree = parsed(script or "")
    told = keywords(tree)
    extras = getattr(told.get("extras_require"), "keys", [])
    needs = told.get("install_requires", told.get("**"))
    # What setup.py says goes before setup.cfg.
    name = constant(tree, told.get("name"))
    requires = sections.get("options", {}).get("install_requires", "")
    return {
        "files": [
            file
            for file, text in (("setup.cfg", config), ("setup.py", script))
            if text is not None
        ],
        "name": name or sections.get("metadata", {}).get("name"),
        "extras": [
            *filter(None, (constant(tree, key) for key in extras)),
            *sections.get("options.extras_require", {}),
        ],
        "dependent": bool(requires.strip())
        or (needs is not None and getattr(needs, "elts", True) != []),
    }
