"""Identities for a rehearsal: a CI service's, and an index's mint for them.

The project's jobs ask here for what they would ask GitHub for, and the index
changes it for a token as PyPI does, with PyPI's codes and words. Which
publisher a job's claims are of is decided by the module, for each job, before.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
import uuid

AUDIENCE = "pypi"
ISSUER = "https://token.actions.githubusercontent.com"
IDENTITY_SECONDS = 300
MINTED_SECONDS = 900


class RefusedError(Exception):
    """An identity that gives no token, by PyPI's code and description."""

    def __init__(self, code, description):
        super().__init__(description)
        self.code = code

    def answer(self):
        errors = [{"code": self.code, "description": str(self)}]
        return {"message": "Token request failed", "errors": errors}


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Identities:
    """Jobs by number, each {"claims", "refusal"}.

    `claims` is None where a job may not ask who it is; `refusal` is why no
    publisher is theirs, empty where one is.
    """

    def __init__(self, jobs, clock=time.time):
        self.jobs, self._clock = jobs, clock
        # PyPI looks up the issuer's public keys; here both are this process.
        self._key = secrets.token_bytes(32)
        self._given, self._minted = {}, {}

    def _signature(self, text):
        return hmac.digest(self._key, text.encode(), hashlib.sha256)

    def identity(self, number, audience):
        """A fresh token of a job; None where it may have none."""
        if not 0 <= number < len(self.jobs):
            return None
        claims = self.jobs[number]["claims"]
        if claims is None:
            return None
        now, name = int(self._clock()), str(uuid.uuid4())
        times = {"iat": now, "nbf": now, "exp": now + IDENTITY_SECONDS}
        said = {**claims, "iss": ISSUER, "aud": audience, "jti": name, **times}
        parts = ({"alg": "HS256", "typ": "JWT"}, said)
        text = ".".join(encoded(json.dumps(it).encode()) for it in parts)
        self._given[name] = number
        return f"{text}.{encoded(self._signature(text))}"

    def _claims(self, token):
        text, _, signature = token.rpartition(".")
        try:
            claims = json.loads(decoded(text.split(".")[1]))
            issuer, given = claims["iss"], decoded(signature)
        except (LookupError, ValueError, TypeError, binascii.Error):
            raise RefusedError("invalid-payload", "malformed JWT") from None
        if issuer != ISSUER:
            raise RefusedError(
                "invalid-payload", "unknown trusted publishing issuer"
            )
        own = hmac.compare_digest(given, self._signature(text))
        fits = own and claims["aud"] == AUDIENCE
        if not fits or claims["exp"] < self._clock():
            raise RefusedError("invalid-token", "malformed or invalid token")
        return claims

    def mint(self, token):
        """A token for uploads; raises RefusedError."""
        number = self._given.pop(self._claims(token)["jti"], None)
        if number is None:
            raise RefusedError(
                "invalid-reuse-token", "invalid token: already used"
            )
        why = self.jobs[number]["refusal"]
        if why:
            raise RefusedError(
                "invalid-publisher",
                f"valid token, but no corresponding publisher ({why})",
            )
        minted = f"pypi-{secrets.token_urlsafe(32)}"
        self._minted[minted] = self._clock() + MINTED_SECONDS
        return minted

    def takes(self, token):
        """Whether a token was minted here, not long ago."""
        return self._minted.get(token, 0) > self._clock()
