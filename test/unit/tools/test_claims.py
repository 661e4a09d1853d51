"""claims.py: identities that an index does not know, explained."""

import base64
import json

import pytest

from claims import (
    explain_refusal,
    publisher_of,
    read_claims,
    register_link,
    reusable,
)

PYPI = "https://upload.pypi.org/legacy/"
GITHUB = {
    "repository": "ada/demo",
    "workflow_ref": "ada/demo/.github/workflows/release.yml@refs/tags/v1",
    "job_workflow_ref": "ada/demo/.github/workflows/release.yml@refs/tags/v1",
    "environment": "pypi",
}
GITLAB = {
    "project_path": "group/sub/demo",
    "ci_config_ref_uri": "gitlab.com/group/sub/demo//.gitlab-ci.yml@refs/x",
}
NOT_FOUND = (
    "valid token, but no corresponding publisher (Publisher with matching"
    " claims was not found)"
)


def jwt(claims):
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    return f"e30.{body.rstrip('=')}.signature"


def explained(code, description, claims, exists=True):
    errors = [{"code": code, "description": description}]
    return explain_refusal(PYPI, "demo", errors, claims, exists)


def test_claims_are_read_and_the_rest_left_out():
    claims = {**GITHUB, "jti": "once", "actor_id": "7"}
    assert read_claims(jwt(claims)) == GITHUB


@pytest.mark.parametrize("token", ["", "a.b.c", "a.e30.c.d", "a.W10.c", "é.é"])
def test_what_is_no_jwt_claims_nothing(token):
    assert read_claims(token) == {}


def test_the_publisher_is_told_by_the_claims():
    assert publisher_of(GITHUB) == {
        "provider": "github",
        "owner": "ada",
        "repository": "demo",
        "workflow_filename": "release.yml",
        "environment": "pypi",
    }
    assert publisher_of(GITLAB) == {
        "provider": "gitlab",
        "namespace": "group/sub",
        "project": "demo",
        "workflow_filepath": ".gitlab-ci.yml",
    }
    assert publisher_of({})["workflow_filename"] == ""


def test_a_publisher_is_registered_on_the_page_of_its_index():
    link = register_link(PYPI, "demo", GITHUB, exists=True)
    assert link == (
        "https://pypi.org/manage/project/demo/settings/publishing/"
        "?provider=github&owner=ada&repository=demo"
        "&workflow_filename=release.yml&environment=pypi"
    )
    test = "https://test.pypi.org/legacy/"
    pending = register_link(test, "demo", GITHUB, exists=False)
    assert pending.startswith("https://test.pypi.org/manage/account/publish")
    # Nobody says where another server has such pages.
    assert register_link("https://x.example/up", "demo", GITHUB, True) == ""


def test_a_reusable_workflow_is_another_file_than_the_one_started():
    job = "ada/tools/.github/workflows/publish.yml@refs/heads/main"
    assert reusable({**GITHUB, "job_workflow_ref": job})
    assert not reusable(GITHUB)
    assert not reusable({})


@pytest.mark.parametrize(
    ("code", "description", "claims", "words"),
    [
        ("invalid-publisher", NOT_FOUND, GITHUB, "letter by letter"),
        ("invalid-publisher", NOT_FOUND, GITLAB, "names no environment"),
        (
            "invalid-publisher",
            NOT_FOUND,
            {**GITHUB, "job_workflow_ref": "o/r/.github/workflows/x.yml@main"},
            "reusable workflow",
        ),
        ("invalid-publisher", "x (Missing claim 'ref')", GITHUB, "job's own"),
        (
            "invalid-publisher",
            "(Publishing from a workflow invoked via 'pull_request_target'",
            GITHUB,
            "workflow_dispatch",
        ),
        (
            "invalid-publisher",
            "(The job_workflow_ref claim does not match, expecting one of",
            GITHUB,
            "another ref",
        ),
        ("invalid-token", "malformed or invalid token", GITHUB, "audience"),
        ("invalid-reuse-token", "already used", GITHUB, "counts once"),
        ("invalid-pending-publisher", "exists", GITHUB, "meanwhile"),
        ("invalid-payload", "malformed JWT", {}, "no identity token"),
        (
            "invalid-payload",
            "unknown trusted publishing issuer",
            GITHUB,
            "does not know this CI",
        ),
        ("not-enabled", "github trusted … not enabled", GITHUB, "switched"),
    ],
)
def test_a_refusal_names_its_likely_cause(code, description, claims, words):
    said = explained(code, description, claims)
    assert words in said
    assert description in said


def test_claims_are_shown_beside_the_publisher_that_they_would_match():
    said = explained("invalid-publisher", NOT_FOUND, GITHUB)
    assert "    repository: ada/demo" in said
    assert "    workflow_filename: release.yml" in said
    assert "registered at https://pypi.org/manage/project/demo" in said
    private = explain_refusal("https://x.example/", "demo", [], GITHUB, True)
    assert "without a reason" in private
    assert "registered at" not in private
    unmatched = [{"code": "invalid-publisher", "description": NOT_FOUND}]
    private = explain_refusal(
        "https://x.example/", "demo", unmatched, GITHUB, True
    )
    assert "with the index, as its documentation says" in private
    assert "/manage/" not in private
