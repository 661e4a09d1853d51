"""Which files of an index are a release's, and what state it is in.

Decisions only. Standard library only.
"""

import re


def spelled(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def release_of(file):
    """Project and version that a file name says; None where it says none."""
    stem = re.sub(r"\.(whl|tar\.gz)$", "", file)
    if stem == file:
        return None
    if file.endswith(".whl"):
        parts = stem.split("-")
        return (spelled(parts[0]), parts[1]) if len(parts) >= 5 else None
    project, _, version = stem.rpartition("-")
    return spelled(project), version


def released(files, project, version):
    """The files of one release, wheels first."""
    own = (spelled(project), version)
    found = [file for file in files if release_of(file.name) == own]
    return sorted(found, key=lambda file: not file.name.endswith(".whl"))


def because(why):
    return f": {why}" if why else ""


def states(listing, version, names):
    """Problems and notes that the states of project and files make.

    Quarantined files are hidden, so nobody can install them. A yanked release
    still installs by its exact version.
    """
    problems, notes = [], []
    if listing.status == "quarantined":
        problems.append(
            "the project is in quarantine, and nobody can install it"
            f"{because(listing.why)}; look at its page on the index"
        )
    elif listing.status != "active":
        notes.append(
            f"The index calls the project {listing.status}"
            f"{because(listing.why)}."
        )
    yanked = [
        file
        for name, file in listing.files.items()
        if file.yanked and name in names
    ]
    if yanked:
        notes.append(
            f"{version} is yanked on the index{because(yanked[0].why)}: pip"
            " takes it by its exact version only."
        )
    return problems, notes
