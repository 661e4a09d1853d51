"""What to do about an upload that an index refused.

The reasons are those of PyPI's own server; other indexes have statuses only.
The first row whose words are in the reason gives the advice.
"""

import re

from faults import TAKEN

ADVICE = (
    # Who may upload.
    (
        r"token is expired|expired token",
        "Run the publish again, with a fresh token or --id-token where one was"
        " given: it goes on where this one stopped.",
    ),
    (
        r"username/password authentication",
        "Pass --username=__token__ and an API token, or publish without any:"
        " --oidc-request-url and --oidc-request-token.",
    ),
    (
        r"invalid or non-existent authentication|signatures do not match",
        "Check the token: all of it must be in the variable, and it must be"
        " this index's; PyPI and TestPyPI have separate ones.",
    ),
    (
        r"oidc scoped token is not valid for project",
        "The trusted publisher is registered for another project: register it"
        " for this one, or check the project's name.",
    ),
    (
        r"project-scoped token is not valid",
        "The token is another project's: make one for this project.",
    ),
    (
        r"isn't allowed to upload to project",
        "The name may be another owner's, or the project archived or"
        " quarantined: look at its page on the index.",
    ),
    (
        r"non-user identities cannot create new projects",
        "Register a pending publisher under exactly this project name before"
        " the first release.",
    ),
    (
        r"two[- ]factor|verified (primary )?e-?mail",
        "The account has to do that first: in its settings on the index.",
    ),
    (
        r"read-only mode|temporarily disabled",
        "The index takes nothing now: look at https://status.python.org and"
        " run the same publish again later.",
    ),
    (
        r"too many new projects",
        "Wait an hour: the index allows 20 new projects in that time.",
    ),
    # Names that are taken.
    (
        TAKEN,
        "Other bytes have that name, or these bytes another name: make a new"
        " version.",
    ),
    (
        r"previously used by a file",
        "A deleted file's name is taken for ever: make a new version.",
    ),
    (
        r"only one sdist",
        "The release has an sdist of another name: make a new version.",
    ),
    (
        r"releases older than",
        "A release is closed 14 days after its first file: make a new version.",
    ),
    # What the metadata says.
    (
        r"use of local versions",
        "Build without --local: indexes take no +local part.",
    ),
    (
        r"not a valid metadata version",
        "Pin an older build backend: the index does not know that version of"
        " the metadata yet.",
    ),
    (
        r"not a valid classifier|classifier .* deprecated",
        "Take it from https://pypi.org/classifiers/.",
    ),
    (
        r"direct dependency",
        "Depend on a released version; a URL may stay in a dependency group.",
    ),
    (
        r"license is deprecated when|license-expression introduced",
        "Keep either license or the expression, and a backend that writes"
        " metadata 2.4 or later.",
    ),
    (
        r"license-file .* does not exist",
        "A file that license-files names is not in the archive: mend"
        " license-files or MANIFEST.in.",
    ),
    (r"'summary' field", "Shorten the description in pyproject.toml."),
    (
        r"description failed to render",
        "Mend the README, or its content type; the check `description` shows"
        " where.",
    ),
    (
        r"isn't allowed \(conflict|too similar to an existing project",
        "Choose another name for the project.",
    ),
    (
        r"invalid for 'version'",
        "Release from a tag such as v1.2.3 or v1.2.3rc1.",
    ),
    # What the files are.
    (
        r"filename .* is invalid|version in filename|start filename",
        "Build with a current backend, and do not rename what it makes.",
    ),
    (
        r"unsupported platform tag",
        "Repair the wheel with auditwheel or cibuildwheel, or upload the"
        " sdist alone with --sdist-only.",
    ),
    (
        r"invalid distribution file|required record file",
        "The archive is damaged: build it again; `verify` shows what is wrong.",
    ),
    (
        r"digest supplied does not match",
        "The file changed on its way: run the publish again.",
    ),
    (
        r"(file|project size) too large",
        "Make it smaller, or ask for a higher limit:"
        " https://docs.pypi.org/project-management/storage-limits/.",
    ),
    (
        r"attestations? .*(only supported|invalid)|invalid attestations",
        "Publish with --attestations=off, or through a trusted publisher of"
        " the workflow itself, not of a reusable one.",
    ),
)

# Where the reason says nothing that is known.
BY_STATUS = {
    401: "Check --token, and --username where the index wants one.",
    403: "Check --token: it must be allowed to upload this project.",
    404: "Check --index: it must be the URL that uploads go to.",
    405: "Check --index: it must be the URL that uploads go to.",
    409: "Other bytes may be there by now: make a new version.",
    413: "The file is larger than the index takes.",
}

REDIRECTED = (
    "Credentials are sent to no other place: pass the URL that uploads go to,"
    " often with a slash at its end."
)

CERTIFICATE = (
    "Nothing was sent. For an index with a CA of its own pass its certificate"
    " with --certificate=FILE; else somebody may be in between."
)


STORED = (
    "An attempt before may have stored these very bytes, and the index does"
    " not list them yet: run the same publish again later. It says so where"
    " other bytes are there."
)


def advice(status, reason, kind=""):
    """What to do, as a sentence; empty where nothing is known."""
    if kind == "certificate":
        return CERTIFICATE
    if kind == "stored":
        return STORED
    if status is None:
        return ""
    if 300 <= status < 400:
        return REDIRECTED
    for words, said in ADVICE:
        if re.search(words, reason, re.IGNORECASE):
            return said
    return BY_STATUS.get(status, "")
