"""refusals.py: every reason that PyPI's server gives has an advice."""

import pytest

from refusals import ADVICE, BY_STATUS, CERTIFICATE, REDIRECTED, advice

# As the server words them; names and links shortened.
REASONS = [
    (403, "Invalid or non-existent authentication information", "all of it"),
    (403, "Username/Password authentication is no longer supported", "oidc"),
    (403, "Invalid API Token: signatures do not match", "all of it"),
    (403, "Invalid API Token: token is expired, token is expired", "again"),
    (403, "project-scoped token is not valid for project: 'X'", "another"),
    (403, "OIDC scoped token is not valid for project 'X'", "register it"),
    (403, "The user 'b' isn't allowed to upload to project 'X'", "archived"),
    (403, "The given token isn't allowed to upload to project", "archived"),
    (403, "User 'b' has no verified primary email address", "settings"),
    (403, "User 'b' does not have two-factor authentication", "settings"),
    (403, "Read-only mode: Uploads are temporarily disabled", "status.python"),
    (403, "New uploads are temporarily disabled", "status.python"),
    (403, "New project registration temporarily disabled", "status.python"),
    (400, "File already exists ('F', with blake2_256 hash 'H')", "new version"),
    (400, "This filename was previously used by a file", "new version"),
    (400, "Only one sdist may be uploaded per release", "new version"),
    (400, "Uploading new files to releases older than 14 days", "14 days"),
    (400, "The use of local versions in '2.0+local'", "--local"),
    (400, "'not.a.version' is invalid for 'version'", "tag"),
    (400, "'2.6' is not a valid metadata version", "backend"),
    (400, "'X' is not a valid classifier", "classifiers"),
    (400, "Can't have direct dependency: foo @ https://x", "dependency group"),
    (400, "License is deprecated when License-Expression is", "either"),
    (400, "license-expression introduced in metadata version 2.4", "either"),
    (400, "License-File LICENSE does not exist in distribution", "MANIFEST"),
    (400, "'summary' field must be 512 characters or less", "Shorten"),
    (400, "The description failed to render in the default", "README"),
    (400, "The name 'asyncio' isn't allowed (conflict with", "another name"),
    (400, "The name 'x2' is too similar to an existing project", "another"),
    (400, "Non-user identities cannot create new projects", "pending"),
    (400, "Filename 'wh.mx2-2.0.tar.gz' is invalid, should be", "backend"),
    (400, "Version in filename should be '2.2' not '2.1'", "backend"),
    (400, "Start filename for 'wh-mx2' with 'wh_mx2'", "backend"),
    (400, "Invalid distribution file. File is not a tarfile", "damaged"),
    (400, "Wheel 'F' does not contain the required RECORD file", "damaged"),
    (400, "Binary wheel 'F' has an unsupported platform tag", "auditwheel"),
    (400, "The digest supplied does not match a digest", "again"),
    (400, "File too large. Limit for project 'X' is 100 MB", "limit"),
    (400, "Project size too large. Limit for project 'X'", "limit"),
    (429, "Too many new projects created", "hour"),
    (400, "Attestations are only supported when using Trusted", "=off"),
    (400, "Invalid attestations supplied during upload: x", "=off"),
]


@pytest.mark.parametrize(("status", "reason", "words"), REASONS)
def test_a_reason_has_its_advice(status, reason, words):
    assert words in advice(status, reason)


def test_every_advice_is_somebodys():
    given = {advice(status, reason) for status, reason, _ in REASONS}
    assert {said for _, said in ADVICE} == given


@pytest.mark.parametrize("status", BY_STATUS)
def test_other_indexes_have_statuses_only(status):
    assert advice(status, "no") == BY_STATUS[status]


def test_the_rest_is_told_as_it_is():
    assert advice(308, "it sends elsewhere") == REDIRECTED
    assert advice(None, "self-signed", "certificate") == CERTIFICATE
    assert advice(None, "reset", "closed") == ""
    assert advice(400, "Something new") == ""
