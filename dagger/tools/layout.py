"""Where a tree of files keeps what a wheel installs.

Told by the files themselves, whatever the backend is configured to do: a file
of the tree whose path ends as one that the wheel installs lies under a root.
`src/ns/demo/a.py` is `ns/demo/a.py` under the root `src`.

Runs on every Python that is tested with, 3.8 and later.
"""

import re
from collections import Counter

TEST_FOLDERS = {"test", "tests", "testing"}
# What else a wheel keeps under its .data is not installed among the modules.
MODULES = re.compile(r"[^/]+\.data/(purelib|platlib)/")


def installed_paths(members):
    """Paths at which a wheel's members are installed, without its metadata."""
    paths = {MODULES.sub("", member) for member in members}
    return {
        path
        for path in paths
        if not path.endswith("/")
        and not path.split("/")[0].endswith((".dist-info", ".data"))
    }


def candidates(installed, files):
    """The roots under which each installed file is found in the tree.

    None among tests: a package of the same name there is one that they use.
    """
    found = {}
    for file in files:
        parts = file.split("/")
        for start in range(len(parts)):
            root, path = parts[:start], "/".join(parts[start:])
            if path in installed and not TEST_FOLDERS & set(root):
                found.setdefault(path, []).append("/".join(root))
    return found


def source_tops(installed, files):
    """Pairs of a root and a package or module that lies under it.

    Of several roots that have a file, the one that has most of the wheel's
    files counts, and of those the one nearest to the top.
    """
    found = candidates(installed, files)
    votes = Counter(root for roots in found.values() for root in roots)

    def best(root):
        return -votes[root], root.count("/") + bool(root), root != "src", root

    return {
        (min(roots, key=best), path.split("/")[0])
        for path, roots in found.items()
    }


def installed_as(file, tops):
    """Where a file of the tree would be installed; None for one outside."""
    for root, top in tops:
        prefix = f"{root}/" if root else ""
        if not file.startswith(prefix):
            continue
        inner = file[len(prefix) :]
        if inner == top or inner.startswith(f"{top}/"):
            return inner
    return None
