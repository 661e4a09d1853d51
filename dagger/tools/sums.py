"""Name and sha256 of every file in a folder, as a JSON list.

python sums.py /dist
"""

import hashlib
import json
import sys
from pathlib import Path


def sums(folder):
    """By name; folders in it are passed over."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [
        {
            "name": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    ]


if __name__ == "__main__":
    print(json.dumps(sums(Path(sys.argv[1]))))
