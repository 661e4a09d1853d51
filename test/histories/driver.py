"""Answers what the tools answer, for many commits in one process.

A test of a thousand histories cannot start Python for each question. Here the
tools' own functions and setuptools-scm's own command line are called, one
question per line of stdin, one answer per line of stdout, all JSON:

    {"ask": "facts", "root": ROOT}                      facts.py
    {"ask": "next", "root": ROOT, "request": {...}}     next.py
    {"ask": "scm", "root": ROOT, "environment": {...}}  python -m setuptools_scm
"""

import contextlib
import importlib
import io
import json
import os
import sys
import warnings
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "dagger" / "tools"
sys.path.insert(0, str(TOOLS))
facts = importlib.import_module("facts")
next_tool = importlib.import_module("next")
setuptools_scm_cli = importlib.import_module("setuptools_scm.__main__").main


def ask_facts(root, _):
    return facts.facts(root, ".")


def ask_next(root, question):
    pyproject = root / "pyproject.toml"
    try:
        return next_tool.next_version(root, pyproject, question["request"])
    except next_tool.NoVersionError as error:
        return {"error": str(error)}


def ask_scm(root, question):
    """What `python -m setuptools_scm` prints in that folder."""
    before = dict(os.environ)
    printed = io.StringIO()
    os.environ.update(question["environment"])
    os.chdir(root)
    try:
        with contextlib.redirect_stdout(printed):
            setuptools_scm_cli([])
    except (LookupError, RuntimeError, SystemExit, ValueError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {"version": printed.getvalue().strip()}


ASKS = {"facts": ask_facts, "next": ask_next, "scm": ask_scm}


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        question = json.loads(line)
        answer = ASKS[question["ask"]](Path(question["root"]), question)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
