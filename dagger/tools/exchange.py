"""Trusted publishing: from a CI job's identity to a token for one upload.

Three calls: the index's audience, an identity token for it, a minted token.
The minted token stays in this process. PEP 807 says where the calls go; where
an index does not offer it, they are PyPI's own.
"""

import contextlib
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

from claims import explain_refusal, read_claims
from faults import Fault
from index import (
    DowngradeError,
    IndexProblemError,
    Redirects,
    has_answered,
    kind_of,
    read_limited,
)

SECONDS = 30
LARGEST_ANSWER = 64 * 1024
CHUNK = 8192
# The flag behind each variable.
FLAGS = {
    "OIDC_REQUEST_URL": "--oidc-request-url",
    "OIDC_REQUEST_TOKEN": "--oidc-request-token",
    "OIDC_ID_TOKEN": "--id-token",
}


class ExchangeError(Exception):
    """An identity that gave no token, with the sentence that says why."""

    def __init__(self, message, fault=None):
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True)
class Identity:
    """What a CI job can show: a way to ask for tokens, or one token."""

    request_url: str = ""
    request_token: str = ""
    id_token: str = ""

    @classmethod
    def of_environment(cls):
        """From OIDC_REQUEST_URL, OIDC_REQUEST_TOKEN or OIDC_ID_TOKEN.

        Variables that are set and empty raise ExchangeError: without an
        identity the upload would be tried as nobody.
        """
        given = [os.environ.get(name) for name in FLAGS]
        values = [(value or "").strip() for value in given]
        empty = [
            flag
            for flag, value, text in zip(FLAGS.values(), given, values)
            if value is not None and not text
        ]
        if empty:
            raise ExchangeError(
                f"{' and '.join(empty)} {'are' if empty[1:] else 'is'} empty,"
                " so the upload would be anybody's; nothing was sent. GitHub"
                " sets ACTIONS_ID_TOKEN_REQUEST_URL and"
                " ACTIONS_ID_TOKEN_REQUEST_TOKEN in jobs with `permissions:"
                " id-token: write`, and gives a pull request from a fork none."
            )
        return cls(*values)

    def __bool__(self):
        return bool(self.id_token or (self.request_url and self.request_token))


@dataclass
class Answer:
    """A JSON answer; {} where it is none."""

    status: int
    body: dict = field(default_factory=dict)
    retry_after: str = ""


def ask(what, url, headers, body=None):
    """One request; its answer may have 64 KiB and take half a minute."""
    opener = urllib.request.build_opener(Redirects)
    data = None if body is None else json.dumps(body).encode()
    sent = {"Accept": "application/json", **headers}
    if data is not None:
        sent["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data, sent)
    try:
        try:
            response = opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            response = error
        has_answered(url)
        with response:
            pieces = read_limited(response, LARGEST_ANSWER, SECONDS, CHUNK)
            text = b"".join(pieces)
            status = response.status
            after = response.headers.get("Retry-After", "")
    except Exception as error:
        # Neither the URL nor the error is shown: they may hold the token.
        known = isinstance(error, IndexProblemError)
        kind = error.kind if known else kind_of(error, url)
        host, name = urlsplit(url).netloc, type(error).__name__
        # That one names a host, and nothing that was sent.
        said = str(error) if isinstance(error, DowngradeError) else f"{name}."
        raise ExchangeError(
            f"{what} cannot be asked at {host}: {said}",
            Fault(None, name, kind),
        ) from None
    found = {}
    with contextlib.suppress(ValueError):
        found = json.loads(text)
    return Answer(status, found if isinstance(found, dict) else {}, after)


def fault_of(answer):
    return Fault(answer.status, "", "", answer.retry_after)


@dataclass(frozen=True)
class Endpoints:
    audience: str
    mint: str


def discover(upload):
    """Where an index mints tokens: by PEP 807, else PyPI's own places."""
    parts = urlsplit(upload)
    origin = f"{parts.scheme}://{parts.netloc}"
    usual = Endpoints(
        f"{origin}/_/oidc/audience", f"{origin}/_/oidc/mint-token"
    )
    url = f"{origin}/.well-known/pytp?discover={quote_plus(parts.path)}"
    kind = "application/vnd.pypi.pytp.v1+json"
    answer = ask("Trusted publishing", url, {"Accept": kind})
    if answer.status != 200:
        return usual
    audience = answer.body.get("audience-endpoint")
    mint = answer.body.get("token-mint-endpoint")
    if not isinstance(audience, str) or not isinstance(mint, str):
        return usual  # a page for people, with 200
    for place in (audience, mint):
        there = urlsplit(place)
        if (there.scheme, there.hostname) != (parts.scheme, parts.hostname):
            raise ExchangeError(
                f"The index sends identities to {there.netloc}, which is not"
                f" {parts.netloc}: nothing was sent."
            )
    return Endpoints(audience, mint)


def audience_of(endpoints):
    """Whom an identity token must be for."""
    answer = ask("The index's audience", endpoints.audience, {})
    audience = answer.body.get("audience")
    if answer.status == 200 and isinstance(audience, str):
        return audience
    if answer.status == 403:
        raise ExchangeError(
            "The index has trusted publishing switched off: run the same"
            " publish again later, or pass --token."
        )
    raise ExchangeError(
        f"The index has no trusted publishing (it answers {answer.status} to"
        f" {endpoints.audience}). Pass --token=env:NAME.",
        fault_of(answer),
    )


def identity_token(identity, audience):
    """A fresh token of the job for this audience, or the one given."""
    if identity.id_token:
        return identity.id_token
    joint = "&" if "?" in identity.request_url else "?"
    url = f"{identity.request_url}{joint}audience={quote_plus(audience)}"
    bearer = {"Authorization": f"bearer {identity.request_token}"}
    answer = ask("The CI service's identity token", url, bearer)
    token = answer.body.get("value")
    if answer.status == 200 and isinstance(token, str):
        return token
    raise ExchangeError(
        f"The CI service gives no identity token (it answers {answer.status})."
        " The job needs `permissions: id-token: write`, and"
        " --oidc-request-url and --oidc-request-token of the same job; a pull"
        " request from a fork gets none.",
        fault_of(answer),
    )


@dataclass(frozen=True)
class Minted:
    """A token for uploads, and whose it is; never printed."""

    token: str = field(repr=False)
    claims: dict
    # Seconds since 1970, by the index's clock; None where it does not say.
    expires: "float | None" = None


def mint(upload, project, identity, patience, exists, registered=""):
    """A token for uploading this project.

    `exists` says whether the index has the project, `registered` is the upload
    URL of the index that knows the publisher, where it is another. Raises
    ExchangeError, with everything that helps to mend it.
    """
    endpoints = patience.patiently(lambda: discover(upload))
    audience = patience.patiently(lambda: audience_of(endpoints))

    def once():
        # A fresh one for each attempt: an identity token counts once.
        token = identity_token(identity, audience)
        claims = read_claims(token)
        answer = ask("A token", endpoints.mint, {}, {"token": token})
        minted = answer.body.get("token")
        if answer.status == 200 and isinstance(minted, str):
            expires = answer.body.get("expires")
            known = isinstance(expires, int | float)
            return Minted(minted, claims, expires if known else None)
        listed = answer.body.get("errors")
        errors = listed if isinstance(listed, list) else []
        errors = [it for it in errors if isinstance(it, dict)]
        if not errors:
            message = answer.body.get("message", "")
            errors = [{"code": answer.status, "description": message}]
        raise ExchangeError(
            explain_refusal(
                registered or upload, project, errors, claims, exists
            ),
            fault_of(answer),
        )

    return patience.patiently(once)


def show(upload, identity, patience):
    """The claims that would be sent; mints nothing.

    A token minted by a pending publisher would create the project.
    """
    endpoints = patience.patiently(lambda: discover(upload))
    audience = patience.patiently(lambda: audience_of(endpoints))
    token = patience.patiently(lambda: identity_token(identity, audience))
    return read_claims(token)
