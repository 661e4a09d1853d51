"""Nothing lost and nothing changed from git to the sdist to the wheel."""

from pathlib import PurePosixPath

from checks.excludes import excluded
from checks.finding import Evidence, Note, Problem, in_tests, listed, matches
from layout import installed_as, source_tops

# What build backends write into an sdist beside what git tracks.
GENERATED = ("PKG-INFO", "setup.cfg", "*.egg-info/*", "scm_version.json")
GENERATED += ("pyproject.toml.orig",)  # of uv_build
# What backends write the version into; PyPI's own wheels differ here from
# their sdists, as a commit id is not known in an sdist.
VERSION_FILES = ("*version*.py",)
# Data that a package is of no use without, and no backend excludes by rule.
MARKERS = ("py.typed",)


def differing(paths, what):
    """Changed code is a problem, changed version files are not."""
    code = {p for p in paths if p.endswith(".py")}
    versions = {p for p in code if matches(p, VERSION_FILES)}
    if code - versions:
        yield Problem(f"{what} {listed(code - versions)}")
    if paths - code | versions:
        yield Note(f"{what} {listed(paths - code | versions)}")


def is_module_among(path, kept):
    """Whether a lost module is one of a folder whose others are kept.

    Rules leave out folders, data and tests on purpose; a single module that
    a rule takes from its package is what a wheel of that sdist then lacks.
    """
    code = path.endswith(".py") and not in_tests(path)
    return code and folder_is_installed(path, kept)


def check_sdist(dist):
    """Nothing of the package is lost, nothing else is packed."""
    if dist.tracked is None:
        yield Note("no source was given to compare the sdist with")
        return
    installed = {path for wheel in dist.wheels for path in wheel.installed}
    tops = source_tops(installed, dist.tracked)
    for sdist in dist.sdists:
        name = sdist.path.name
        lost = dist.tracked.keys() - sdist.hashes.keys()
        package = {path for path in lost if installed_as(path, tops)}
        meant = {
            path
            for path in excluded(dist.project, package)
            if not is_module_among(path, sdist.hashes)
        }
        yield Evidence(
            f"{name}: {len(sdist.hashes)} files,"
            f" {len(dist.tracked)} tracked by git"
        )
        if package - meant:
            yield Problem(
                f"{name} lacks {listed(package - meant)}, which git tracks"
            )
        if lost - package | meant:
            yield Note(f"{name} leaves out {listed(lost - package | meant)}")
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


def hashes_by_ending(hashes):
    """Hashes by each ending of a path: src/a/b.py is found as a/b.py too."""
    found = {}
    for path, digest in hashes.items():
        parts = path.split("/")
        for start in range(len(parts)):
            found.setdefault("/".join(parts[start:]), set()).add(digest)
    return found


def by_kept(wheel, sdist):
    """What the sdist has in the wheel's packages: lost, and kept there."""
    tops = source_tops(wheel.installed, sdist.hashes)
    lost, kept = set(), set()
    for path in sdist.hashes:
        inner = installed_as(path, tops)
        if inner is not None:
            (kept if inner in wheel.installed else lost).add(path)
    return lost, kept


def folder_is_installed(path, lost_of):
    """Whether anything else of a file's folder is in the wheel."""
    folder = str(PurePosixPath(path).parent)
    return any(folder == str(PurePosixPath(kept).parent) for kept in lost_of)


def check_wheel(dist):
    """The wheel's code is the sdist's, and none of it is lost."""
    for sdist in dist.sdists:
        known = hashes_by_ending(sdist.hashes)
        # A folder may be installed under another name (package_dir, sources).
        contents = set(sdist.hashes.values())
        for wheel in dist.wheels:
            name = wheel.path.name
            code = {p for p in wheel.installed if p.endswith(".py")}
            yield Evidence(
                f"{name}: {len(wheel.installed)} files,"
                f" {len(sdist.hashes)} in {sdist.path.name}"
            )
            missing = {
                path
                for path in code - known.keys()
                if wheel.installed[path] not in contents
            }
            generated = {p for p in missing if matches(p, VERSION_FILES)}
            if missing - generated:
                yield Problem(
                    f"{name} has {listed(missing - generated)},"
                    f" which {sdist.path.name} has not"
                )
            changed = {
                path
                for path in code & known.keys()
                if wheel.installed[path] not in known[path]
            }
            yield from differing(
                changed, f"{name} has other bytes than {sdist.path.name} in"
            )
            yield from lost_findings(wheel, sdist)


def lost_findings(wheel, sdist):
    """Lost code and markers are problems; other lost data may be meant.

    Modules are looked for where others of their folder are installed: a
    project may well leave a folder out, such as its tests.
    """
    name = wheel.path.name
    lost, kept = by_kept(wheel, sdist)
    needed = {
        path
        for path in lost
        if PurePosixPath(path).name in MARKERS
        or (path.endswith(".py") and folder_is_installed(path, kept))
    }
    if needed:
        yield Problem(
            f"{name} lacks {listed(needed)}, which {sdist.path.name} has"
        )
    if lost - needed:
        yield Note(
            f"{name} leaves out {listed(lost - needed)} of {sdist.path.name}"
        )
