"""check-wheel-contents and auditwheel, run on each wheel."""

import re
import subprocess
import sys

from checks.finding import Evidence, Note, Problem

CONSISTENT = re.compile(r"platform tag:\s+\"(\w+)\"")
POLICY = re.compile(r"manylinux_(\d+)_(\d+)_|musllinux_(\d+)_(\d+)_")
# Equal files (jwodder/check-wheel-contents#2), modules run by path (rich,
# setuptools), and several packages (attrs, pytest): all often on purpose.
MEANT = ("W002", "W004", "W009")
# Names of before PEP 600.
LEGACY = {
    "manylinux1_": "manylinux_2_5_",
    "manylinux2010_": "manylinux_2_12_",
    "manylinux2014_": "manylinux_2_17_",
}


def is_meant(failed):
    """Whether sound wheels have it too, so that it is worth a note only."""
    if failed.check.name == "W003":  # of modules compiled by mypyc
        return all(str(path).endswith(".pyi") for path in failed.args)
    return failed.check.name in MEANT


def check_contents(dist):
    """check-wheel-contents: strays, missing packages, wrong places."""
    from check_wheel_contents.checker import NO_CONFIG, WheelChecker
    from check_wheel_contents.contents import WheelContents

    checker = WheelChecker()
    checker.configure_options(configpath=dist.configuration or NO_CONFIG)
    for wheel in dist.wheels:
        contents = WheelContents.from_wheel(wheel.path)
        yield Evidence(f"{wheel.path.name}: {len(wheel.installed)} files")
        for failed in checker.check_contents(contents):
            shown = " ".join(failed.show(wheel.path.name).split())
            yield Note(shown) if is_meant(failed) else Problem(shown)


def needs(tag):
    """Library and version that a platform tag promises, to be compared."""
    for old, new in LEGACY.items():
        tag = tag.replace(old, new)
    found = POLICY.match(tag)
    if found is None:
        return None
    library = tag.split("_")[0]
    return library, tuple(int(it) for it in found.groups() if it is not None)


def check_auditwheel(dist):
    """A wheel for Linux runs where its tag says."""
    for wheel in dist.wheels:
        name, platforms = wheel.path.name, wheel.tags[2].split(".")
        if not any("linux" in platform for platform in platforms):
            continue
        done = subprocess.run(
            [sys.executable, "-m", "auditwheel", "show", str(wheel.path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        said = " ".join(done.stdout.split())
        consistent = CONSISTENT.search(said)
        if done.returncode != 0 or consistent is None:
            reason = " ".join((done.stderr or said).split())
            pure = "does not look like a platform wheel" in reason
            finding = Note if pure else Problem
            yield finding(f"{name}: auditwheel: {reason}")
            continue
        found = consistent[1]
        yield Evidence(f"{name}: auditwheel finds {found}")
        promised = [p for p in map(needs, platforms) if p]
        real = needs(found)
        if promised and (real is None or real > min(promised)):
            yield Problem(
                f"{name} promises {wheel.tags[2]}, and auditwheel finds that"
                f" it needs {found}"
            )
