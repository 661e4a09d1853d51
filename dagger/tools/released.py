"""Which files of an index are a release's, and what state it is in.

Decisions only. Standard library only.
"""

import re


def spelled(name):
    return re.sub(r"[-_.]+", "-", name).lower()


VERSION = re.compile(
    r"""\s*v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>\d*))?
    (?P<post>-(?P<post_1>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n>\d*))?
    (?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
SPELLED = {
    "alpha": "a",
    "beta": "b",
    "c": "rc",
    "pre": "rc",
    "preview": "rc",
}


def version_key(text):
    """What versions that are equal by PEP 440 have in common.

    The text itself where it is none. The interpreters that this runs on have
    no `packaging`.
    """
    found = VERSION.fullmatch(text)
    if found is None:
        return text

    def number(name):
        return int(found[name] or 0)

    release = [int(part) for part in found["release"].split(".")]
    while release[1:] and release[-1] == 0:
        release.pop()
    pre = (found["pre"] or "").lower()
    return (
        number("epoch"),
        tuple(release),
        (SPELLED.get(pre, pre), number("pre_n")),
        found["post"] and number("post_1") + number("post_n"),
        found["dev"] and number("dev_n"),
        re.sub(r"[-_]", ".", found["local"] or "").lower(),
    )


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
    own = (spelled(project), version_key(version))
    named = [(file, release_of(file.name)) for file in files]
    found = [
        file
        for file, it in named
        if it is not None and (it[0], version_key(it[1])) == own
    ]
    return sorted(found, key=lambda file: not file.name.endswith(".whl"))


def strangers(release, files, expected):
    """A note where the release has files besides those expected.

    Another job may have added them: wheels of another platform, for one.
    """
    others = sorted(it.name for it in files if it.name not in expected)
    if not others:
        return []
    return [
        f"The index has files of {release} that are none of these:"
        f" {', '.join(others)}. They were neither compared nor installed here,"
        " and pip may choose them. Look who uploaded them; yank the release"
        " where nobody knows."
    ]


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
