"""Why PyPI would refuse an upload, for the index of a rehearsal.

What the file shows is told by the checks that `verify` runs; here they stand
where the index would, and none can be left out.
"""

import hashlib

from archives import read_distribution
from checks import CHECKS, REFUSED
from verify import run_check

# Checks that say by their own words what they protect from.
ALSO = ("sizes", "archive", "names", "description")
PYPI = [it for it in CHECKS if it.protects == REFUSED or it.id in ALSO]


def refusals(path, digest, stored):
    """Sentences; none where PyPI would take the file.

    The file is alone in its folder. `digest` is the sha256 that was sent with
    it, empty where none was; `stored` are names of files that are there.
    """
    own = path.name.endswith(".tar.gz")
    if digest and hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return [
            "The digest supplied does not match a digest calculated from the"
            " uploaded file."
        ]
    if own and any(name.endswith(".tar.gz") for name in stored):
        return ["Only one sdist may be uploaded per release."]
    dist = read_distribution(path.parent)
    found = [
        f"Invalid distribution file. {file.name} {why}"
        for file, why in dist.broken.items()
    ]
    for check in PYPI:
        found += run_check(check, dist)["problems"]
    for wheel in dist.wheels:
        record = f"{wheel.info}/RECORD"
        if record not in wheel.contents:
            found.append(
                f"Wheel '{path.name}' does not contain the required RECORD"
                f" file: {record}"
            )
    return list(dict.fromkeys(found))
