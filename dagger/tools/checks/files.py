"""The set of files: there, recorded by `build`, and within PyPI's limits."""

from archives import recorded_hashes, sha256
from checks.finding import Evidence, Note, Problem, listed

# PyPI's limit for one file (its docs, "project size limits").
LARGEST_FILE = 100 * 1024 * 1024


def check_complete(dist):
    """One sdist, or wheels, or both; but something."""
    yield Evidence(listed(path.name for path in dist.paths))
    if not dist.paths:
        yield Problem("there is no sdist (.tar.gz) and no wheel (.whl)")
    sdists = [path for path in dist.paths if path.suffix != ".whl"]
    if len(sdists) > 1:
        names = listed(path.name for path in sdists)
        yield Problem(f"PyPI takes one sdist per release; here are {names}")


def repaired(name, there):
    """Whether a wheel that indexes refuse was replaced, as auditwheel does."""
    [start, platform] = name.rpartition("-")[::2]
    return platform.startswith("linux_") and any(
        other.startswith(f"{start}-") for other in there
    )


def check_recorded(dist):
    """The bytes are those that `build` wrote into its manifest."""
    recorded = recorded_hashes(dist.manifest)
    if recorded is None:
        yield Note("there is no pypi-deploy.json, as `build` writes one")
        return
    there = {path.name for path in dist.paths}
    for name in recorded:
        if name not in there and not repaired(name, there):
            yield Problem(
                f"{name} is not in the folder, and pypi-deploy.json names it."
                " Pass the folder as `build` gave it; where its files are"
                " others on purpose, delete pypi-deploy.json"
            )
    for path in dist.paths:
        expected = recorded.get(path.name)
        found = sha256(path.read_bytes())
        yield Evidence(f"{path.name}: sha256 {found}")
        if expected is None:
            yield Note(f"{path.name} is not in pypi-deploy.json")
        elif found != expected:
            yield Problem(
                f"{path.name} has sha256 {found},"
                f" pypi-deploy.json says {expected}"
            )


def check_sizes(dist):
    """Within PyPI's limits, and not empty."""
    for path in dist.paths:
        size = path.stat().st_size
        yield Evidence(f"{path.name}: {size} bytes")
        if size > LARGEST_FILE:
            yield Problem(
                f"{path.name} has {size} bytes;"
                f" PyPI takes {LARGEST_FILE} at most"
            )
    for wheel in dist.wheels:
        if not wheel.installed and not any(
            ".data/" in path for path in wheel.contents
        ):
            yield Problem(f"{wheel.path.name} installs nothing")
