"""What a distribution promises of itself, for those who choose what to try.

    python about.py --dist /dist

Prints {"requiresPython", "pythons", "extras"}, read from the first wheel, or
from the sdist; empty where neither can be read. Standard library only.
"""

import argparse
import json
import re
from pathlib import Path

from archives import Sdist, Wheel

MINOR = re.compile(r"Programming Language :: Python :: (3\.\d+)$")


def about(folder):
    """The promises of a folder's files, as one object."""
    files = [Wheel(path) for path in sorted(folder.glob("*.whl"))]
    files += [Sdist(path) for path in sorted(folder.glob("*.tar.gz"))]
    for file in files:
        try:
            metadata = file.metadata
        except Exception:
            continue  # the check of archives says what is wrong
        classifiers = metadata.get_all("Classifier") or []
        found = (MINOR.search(classifier) for classifier in classifiers)
        return {
            "requiresPython": metadata["Requires-Python"] or "",
            "pythons": [it[1] for it in found if it],
            "extras": metadata.get_all("Provides-Extra") or [],
        }
    return {"requiresPython": "", "pythons": [], "extras": []}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, required=True)
    print(json.dumps(about(parser.parse_args().dist)))
