"""What an identity token claims, and why a publisher may not match it.

Decisions only: nothing here asks anybody, or checks a signature.
"""

import base64
import binascii
import json
import re
from urllib.parse import urlencode, urlsplit

# The claims that indexes compare, and that may be shown; never all of them.
SHOWN = (
    *("iss", "aud", "sub", "repository", "repository_owner"),
    *("workflow_ref", "job_workflow_ref", "environment", "event_name", "ref"),
    *("project_path", "ci_config_ref_uri"),
)


def read_claims(token):
    """The claims of a JWT that are worth showing; none where it is no JWT."""
    try:
        body = token.split(".")[1]
        padded = body + "=" * (-len(body) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        return {name: claims[name] for name in SHOWN if name in claims}
    except (IndexError, ValueError, TypeError, binascii.Error):
        return {}


def file_of(ref):
    """The workflow's file name in OWNER/REPO/.github/workflows/FILE@REF."""
    found = re.search(r"/([^/@]+\.ya?ml)@", f"{ref}")
    return found[1] if found else ""


def publisher_of(claims):
    """The publisher that an index must know for these claims to match."""
    if "project_path" in claims:
        namespace, _, project = claims["project_path"].rpartition("/")
        top = re.search(r"//(.+)@", claims.get("ci_config_ref_uri", ""))
        publisher = {"provider": "gitlab", "namespace": namespace}
        publisher["project"] = project
        publisher["workflow_filepath"] = top[1] if top else ""
    else:
        owner, _, repository = claims.get("repository", "").partition("/")
        publisher = {"provider": "github", "owner": owner}
        publisher["repository"] = repository
        job = claims.get("job_workflow_ref") or claims.get("workflow_ref")
        publisher["workflow_filename"] = file_of(job)
    if claims.get("environment"):
        publisher["environment"] = claims["environment"]
    return publisher


# Where an index has the pages that register a publisher, by the host that
# takes its uploads. PEP 807 names none, and other servers have other pages.
PAGES = {
    "upload.pypi.org": "https://pypi.org/manage/",
    "test.pypi.org": "https://test.pypi.org/manage/",
}


def register_link(upload, project, claims, exists):
    """The page where that publisher is registered, with its form filled in.

    Empty where it is not known.
    """
    pages = PAGES.get(urlsplit(upload).hostname)
    if pages is None:
        return ""
    page = "account/publishing/"
    if exists:
        page = f"project/{project}/settings/publishing/"
    return f"{pages}{page}?{urlencode(publisher_of(claims))}"


def reusable(claims):
    """Whether the job is in another workflow than the one that was started."""
    job, top = claims.get("job_workflow_ref"), claims.get("workflow_ref")
    return bool(job and top and job.split("@")[0] != top.split("@")[0])


# What is likely wrong, by code and words of the refusal; every row that fits.
CAUSES = (
    (
        "invalid-publisher",
        r"pull_request_target",
        lambda _: True,
        "Publish from push, release or workflow_dispatch: a pull request's"
        " code must not reach the index.",
    ),
    (
        "invalid-publisher",
        "",
        reusable,
        "The job is in a reusable workflow, which trusted publishing does not"
        " support: publish from a job in the workflow itself.",
    ),
    (
        "invalid-publisher",
        r"job_workflow_ref",
        lambda _: True,
        "The workflow ran at another ref than the one it belongs to: publish"
        " from a workflow of this repository, at the ref that is built.",
    ),
    (
        "invalid-publisher",
        r"was not found|check failed",
        lambda claims: "environment" not in claims,
        "The job names no environment: where the publisher is registered with"
        " one, set `environment:` in the job to that name.",
    ),
    (
        "invalid-publisher",
        r"was not found|check failed",
        lambda claims: "environment" in claims,
        "Compare the environment's name with the registered one, letter by"
        " letter, and the workflow's file name.",
    ),
    (
        "invalid-publisher",
        r"missing claim",
        lambda _: True,
        "The token is of a kind that the index does not take: it must be a"
        " job's own, of GitHub Actions or GitLab CI.",
    ),
    (
        "invalid-token",
        "",
        lambda _: True,
        "It may be expired, or made for another index: --id-token must have"
        " this index's audience, and be of this job.",
    ),
    (
        "invalid-reuse-token",
        "",
        lambda _: True,
        "An identity token counts once: pass --oidc-request-url and"
        " --oidc-request-token, or run the job again for a new one.",
    ),
    (
        "invalid-pending-publisher",
        "",
        lambda _: True,
        "The project was created meanwhile: register the publisher in the"
        " project's own settings.",
    ),
    (
        "invalid-payload",
        r"malformed",
        lambda _: True,
        "--id-token is no identity token: pass the variable that id_tokens"
        " made, such as --id-token=env:PYPI_ID_TOKEN.",
    ),
    (
        "invalid-payload",
        r"unknown trusted publishing issuer",
        lambda _: True,
        "The index does not know this CI service: publish with --token, or"
        " from one that it knows.",
    ),
    (
        "not-enabled",
        "",
        lambda _: True,
        "The index has switched it off: look at https://status.python.org and"
        " run the same publish again later.",
    ),
)


def causes(code, description, claims):
    """What is likely wrong, in sentences."""
    return [
        said
        for row, words, holds, said in CAUSES
        if row == code
        and re.search(words, description, re.IGNORECASE)
        and holds(claims)
    ]


def explain_refusal(upload, project, errors, claims, exists):
    """Why the index minted no token, in sentences.

    `errors` are the index's own, [{"code", "description"}].
    """
    said = "; ".join(
        f"{it.get('code', '')}: {it.get('description', '')}" for it in errors
    )
    lines = [f"The index refuses this identity: {said or 'without a reason'}."]
    for it in errors:
        code, words = f"{it.get('code')}", f"{it.get('description')}"
        lines += causes(code, words, claims)
    shown = [f"    {name}: {value}" for name, value in claims.items()]
    if shown:
        lines += ["The identity claims:", *shown]
    unmatched = any(it.get("code") == "invalid-publisher" for it in errors)
    if unmatched and claims:
        wanted = publisher_of(claims).items()
        lines.append("The publisher that it would match:")
        lines += [f"    {name}: {value}" for name, value in wanted]
        link = register_link(upload, project, claims, exists)
        lines.append(
            f"It is registered at {link}"
            if link
            else "Register it with the index, as its documentation says."
        )
    return "\n".join(lines)
