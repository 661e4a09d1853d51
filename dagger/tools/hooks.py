"""Runs a PEP 517 build backend's hooks for one artefact, in one process.

PEP 517 lets a frontend start a process per hook; starting setuptools twice
costs more than building a small package. Runs in the project's folder, with
the interpreter that has the build requirements; standard library only.

    python hooks.py sdist OUT --backend setuptools.build_meta

Writes one JSON line to the file named by --answer: {"requires": [...]} where
the backend asks for requirements that are not there, else {"file": "NAME"}.
"""

import argparse
import importlib
import json
import re
import sys
from importlib import metadata
from pathlib import Path


def load_backend(spec, backend_path):
    """The backend object; `backend_path` folders come first (PEP 517)."""
    sys.path[:0] = [str(Path(folder).resolve()) for folder in backend_path]
    module, _, attributes = spec.partition(":")
    backend = importlib.import_module(module)
    for name in filter(None, attributes.split(".")):
        backend = getattr(backend, name)
    return backend


def is_installed(requirement):
    """Whether the requirement's project is there, at any version.

    Versions are uv's to judge: anything but a bare name counts as missing.
    """
    if not re.fullmatch(r"[\w.-]+", requirement.strip()):
        return False
    try:
        metadata.distribution(requirement.strip())
    except metadata.PackageNotFoundError:
        return False
    return True


def run_hooks(backend, kind, out, satisfied):
    """The name of the file that was built, or the requirements it needs."""
    ask = getattr(backend, f"get_requires_for_build_{kind}", None)
    asked = list(ask(None)) if ask and not satisfied else []
    missing = [name for name in asked if not is_installed(name)]
    if missing:
        return {"requires": missing}
    return {"file": getattr(backend, f"build_{kind}")(str(out), None)}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["sdist", "wheel"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--backend-path", action="append", default=[])
    parser.add_argument("--answer", type=Path, required=True)
    parser.add_argument("--satisfied", action="store_true")
    options = parser.parse_args(arguments)
    # What the backend prints is for people; the answer has its own file.
    sys.path.pop(0)
    backend = load_backend(options.backend, options.backend_path)
    answer = run_hooks(backend, options.kind, options.out, options.satisfied)
    options.answer.write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
