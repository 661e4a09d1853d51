"""The checks of a distribution that read files only: a table.

A check is a function of a Distribution that yields findings: Problem fails
the verdict, Note is shown and passes.
"""

import contextlib
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from check_wheel_contents.checker import NO_CONFIG, WheelChecker
from check_wheel_contents.contents import WheelContents
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from twine.commands.check import check as twine_check

from archives import Distribution, recorded_hashes, sha256

# PyPI's limit for one file (its docs, "project size limits").
LARGEST_FILE = 100 * 1024 * 1024
# What build backends write into an sdist beside what git tracks.
GENERATED = ("PKG-INFO", "setup.cfg", "*.egg-info/*", "scm_version.json")
# What backends write the version into; PyPI's own wheels differ here from
# their sdists, as a commit id is not known in an sdist.
VERSION_FILES = ("*version*.py",)
# What nobody means to publish.
RUBBISH = (
    "*.py[cod]",
    "*/.git/*",
    ".git/*",
    "*.env",
    "*/.env",
    "*.pem",
    "*id_rsa",
    "*id_ed25519",
    "*.pypirc",
    "*.netrc",
)


class Problem(str):
    """A finding that fails the check."""


class Note(str):
    """A finding worth reading that fails nothing."""


def matches(path, patterns):
    return any(fnmatch(path, pattern) for pattern in patterns)


def listed(paths, most=5):
    """Paths in a sentence, the first few of them."""
    names = sorted(paths)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def check_recorded(dist):
    """The bytes are those that `build` wrote into its manifest."""
    recorded = recorded_hashes(dist.manifest)
    if recorded is None:
        yield Note("there is no pypi-deploy.json, as `build` writes one")
        return
    for file in dist.files:
        expected = recorded.get(file.path.name)
        found = sha256(file.path.read_bytes())
        if expected is None:
            yield Note(f"{file.path.name} is not in pypi-deploy.json")
        elif found != expected:
            yield Problem(
                f"{file.path.name} has sha256 {found},"
                f" pypi-deploy.json says {expected}"
            )


def check_complete(dist):
    """One sdist, or wheels, or both; but something."""
    if not dist.files:
        yield Problem("there is no sdist (.tar.gz) and no wheel (.whl)")
    if len(dist.sdists) > 1:
        names = listed(sdist.path.name for sdist in dist.sdists)
        yield Problem(f"PyPI takes one sdist per release; here are {names}")


def check_metadata(dist):
    """`twine check --strict`: what PyPI renders and what it refuses."""
    for file in dist.files:
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        logger = logging.getLogger("twine.commands.check")
        logger.addHandler(handler)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                failed = twine_check([str(file.path)], strict=True)
        except Exception as error:  # unreadable files, unknown metadata
            yield Problem(f"{file.path.name}: {error}")
        else:
            if failed:
                reason = " ".join(said.getvalue().split())
                yield Problem(f"{file.path.name}: {reason}")
        finally:
            logger.removeHandler(handler)


def check_names(dist):
    """File names spell the metadata's name and version, normalised."""
    for file in dist.files:
        name = file.metadata["Name"] or ""
        version = file.metadata["Version"] or ""
        is_wheel = file.path.suffix == ".whl"
        parse = parse_wheel_filename if is_wheel else parse_sdist_filename
        try:
            parsed = parse(file.path.name)
        except (InvalidSdistFilename, InvalidWheelFilename) as error:
            yield Problem(str(error))
            continue
        if parsed[0] != canonicalize_name(name):
            yield Problem(f"{file.path.name} is of {parsed[0]}, not of {name}")
        start = f"{canonicalize_name(name).replace('-', '_')}-{parsed[1]}"
        if not file.path.name.startswith(start):
            yield Problem(f"{file.path.name} should start with {start}")
        if str(parsed[1]) != version:
            yield Problem(
                f"{file.path.name} says {parsed[1]}, its metadata {version}"
            )


def check_wheel_layout(dist):
    """check-wheel-contents: strays, missing packages, wrong places."""
    checker = WheelChecker()
    checker.configure_options(configpath=dist.configuration or NO_CONFIG)
    for wheel in dist.wheels:
        contents = WheelContents.from_wheel(wheel.path)
        for failed in checker.check_contents(contents):
            shown = " ".join(failed.show(wheel.path.name).split())
            # Equal files are often meant (jwodder/check-wheel-contents#2).
            meant = failed.check.name == "W002"
            yield Note(shown) if meant else Problem(shown)


def check_sdist_against_git(dist):
    """Nothing of the package is lost, nothing else is packed."""
    if dist.tracked is None:
        yield Note("no source was given to compare the sdist with")
        return
    installed = {p.split("/")[0] for w in dist.wheels for p in w.installed}
    for sdist in dist.sdists:
        name = sdist.path.name
        lost = dist.tracked.keys() - sdist.hashes.keys()
        package = {
            path
            for path in lost
            if path.removeprefix("src/").split("/")[0] in installed
        }
        if package:
            yield Problem(f"{name} lacks {listed(package)}, which git tracks")
        if lost - package:
            yield Note(f"{name} leaves out {listed(lost - package)}")
        own = {p for p in sdist.hashes if not matches(p, GENERATED)}
        extra = own - dist.tracked.keys()
        extra = {p for p in extra if not matches(p, VERSION_FILES)}
        if extra:
            yield Note(f"{name} has {listed(extra)}, which git does not track")
        changed = {
            path
            for path in own & dist.tracked.keys()
            if sdist.hashes[path] != dist.tracked[path]
        }
        yield from differing(changed, f"{name} has other bytes than git in")


def differing(paths, what):
    """Changed code is a problem, changed version files are not."""
    code = {p for p in paths if p.endswith(".py")}
    versions = {p for p in code if matches(p, VERSION_FILES)}
    if code - versions:
        yield Problem(f"{what} {listed(code - versions)}")
    if paths - code | versions:
        yield Note(f"{what} {listed(paths - code | versions)}")


def check_rubbish(dist):
    """No compiled leftovers, keys or credentials."""
    for file in dist.files:
        found = {path for path in file.contents if matches(path, RUBBISH)}
        if found:
            yield Problem(f"{file.path.name} holds {listed(found)}")


def hashes_by_ending(hashes):
    """Hashes by each ending of a path: src/a/b.py is found as a/b.py too."""
    found = {}
    for path, digest in hashes.items():
        parts = path.split("/")
        for start in range(len(parts)):
            found.setdefault("/".join(parts[start:]), set()).add(digest)
    return found


def check_wheel_against_sdist(dist):
    """The wheel's code is the sdist's."""
    for sdist in dist.sdists:
        known = hashes_by_ending(sdist.hashes)
        for wheel in dist.wheels:
            name = wheel.path.name
            code = {p for p in wheel.installed if p.endswith(".py")}
            missing = code - known.keys()
            if missing:
                yield Problem(
                    f"{name} has {listed(missing)},"
                    f" which {sdist.path.name} has not"
                )
            changed = {
                path
                for path in code - missing
                if wheel.installed[path] not in known[path]
            }
            yield from differing(
                changed, f"{name} has other bytes than {sdist.path.name} in"
            )


def check_sizes(dist):
    """Within PyPI's limits, and not empty."""
    for file in dist.files:
        size = file.path.stat().st_size
        if size > LARGEST_FILE:
            yield Problem(
                f"{file.path.name} has {size} bytes;"
                f" PyPI takes {LARGEST_FILE} at most"
            )
    for wheel in dist.wheels:
        if not wheel.installed:
            yield Problem(f"{wheel.path.name} installs nothing")


@dataclass(frozen=True)
class Check:
    """A named check: what it protects from is shown when it fails."""

    id: str
    protects: str
    run: Callable[[Distribution], Iterator[str]]


CHECKS = [
    Check("complete", "a release without files", check_complete),
    Check("recorded", "bytes that nobody tested", check_recorded),
    Check("metadata", "a page or an upload that PyPI refuses", check_metadata),
    Check("names", "file names that indexes refuse", check_names),
    Check("contents", "wheels that install strays", check_wheel_layout),
    Check("sdist", "an sdist that lost files", check_sdist_against_git),
    Check("wheel", "a wheel of other code", check_wheel_against_sdist),
    Check("rubbish", "leaked keys and leftovers", check_rubbish),
    Check("sizes", "files over PyPI's limits", check_sizes),
]
