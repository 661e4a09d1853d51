"""Runs the checks of checks/ on a folder, and prints what each found.

    python verify.py --dist /dist --project /src --only names --skip sizes
    python verify.py --list

Prints {"files": [{"name", "kind", "sha256", "size"}], "checks": [{"id",
"protects", "severity", "evidence", "problems", "notes"}], "versions":
{PLACE: VERSION}}; the verdict is the module's. With --list, the table alone.
"""

import argparse
import json
from pathlib import Path

from archives import read_distribution, sha256
from checks import CHECKS
from checks.finding import Evidence, Note, Problem


def described_check(check):
    """A check as `--list` shows it."""
    return {
        "id": check.id,
        "protects": check.protects,
        "severity": check.severity,
    }


def run_check(check, dist):
    """What one check found; a crash is a problem of that check."""
    findings = []
    try:
        findings.extend(check.run(dist))
    except Exception as error:
        findings.append(Problem(f"{type(error).__name__}: {error}"))
    evidence = [f for f in findings if isinstance(f, Evidence)]
    return {
        **described_check(check),
        "evidence": evidence or ["there is none of it in these files"],
        "problems": [f for f in findings if isinstance(f, Problem)],
        "notes": [f for f in findings if isinstance(f, Note)],
    }


def described(path):
    """A file as manifests list it."""
    content = path.read_bytes()
    return {
        "name": path.name,
        "kind": "wheel" if path.suffix == ".whl" else "sdist",
        "sha256": sha256(content),
        "size": len(content),
    }


def stated_versions(dist):
    """The version by the place that states it."""
    found = {}
    for path in dist.paths:
        part = 1 if path.suffix == ".whl" else -1
        stem = path.name.removesuffix(".tar.gz").removesuffix(".whl")
        found[f"name of {path.name}"] = stem.split("-")[part]
    for file in dist.files:
        stated = file.metadata["Version"] or ""
        found[f"metadata of {file.path.name}"] = stated
    return found


def wanted(only, skip):
    """The checks to run, by the ids asked for and those left out."""
    return [
        check
        for check in CHECKS
        if (not only or check.id in only) and check.id not in skip
    ]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--skip", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args(arguments)
    if options.list:
        print(json.dumps([described_check(check) for check in CHECKS]))
        return
    dist = read_distribution(options.dist, options.project)
    checks = wanted(options.only, options.skip)
    report = {
        "files": [described(path) for path in dist.paths],
        "checks": [run_check(check, dist) for check in checks],
        "versions": stated_versions(dist),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
