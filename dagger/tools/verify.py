"""Runs every check of checks.py on a folder, and prints what each found.

    python verify.py --dist /dist --project /src

Prints {"files": [{"name", "kind", "sha256", "size"}], "checks": [{"id",
"protects", "problems", "notes"}], "versions": {PLACE: VERSION}}; the verdict
is the module's.
"""

import argparse
import json
from pathlib import Path

from archives import read_distribution, sha256
from checks import CHECKS, Note, Problem


def run_check(check, dist):
    """What one check found; a crash is a problem of that check."""
    try:
        findings = list(check.run(dist))
    except Exception as error:
        findings = [Problem(f"{type(error).__name__}: {error}")]
    return {
        "id": check.id,
        "protects": check.protects,
        "problems": [f for f in findings if not isinstance(f, Note)],
        "notes": [f for f in findings if isinstance(f, Note)],
    }


def described(file):
    """A file as manifests list it."""
    content = file.path.read_bytes()
    return {
        "name": file.path.name,
        "kind": "wheel" if file.path.suffix == ".whl" else "sdist",
        "sha256": sha256(content),
        "size": len(content),
    }


def stated_versions(dist):
    """The version by the place that states it."""
    found = {}
    for file in dist.files:
        name = file.path.name
        part = 1 if name.endswith(".whl") else -1
        stem = name.removesuffix(".tar.gz").removesuffix(".whl")
        found[f"name of {name}"] = stem.split("-")[part]
        try:
            found[f"metadata of {name}"] = file.metadata["Version"] or ""
        except Exception:
            continue  # an unreadable file is a problem of the checks above
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, required=True)
    parser.add_argument("--project", type=Path)
    options = parser.parse_args(arguments)
    dist = read_distribution(options.dist, options.project)
    report = {
        "files": [described(file) for file in dist.files],
        "checks": [run_check(check, dist) for check in CHECKS],
        "versions": stated_versions(dist),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
