"""The token of an upload by trusted publishing, renewed before it expires."""

import threading
import time

from exchange import ExchangeError, mint
from index import Credentials

# PyPI's live for 15 minutes; an attempt that began in time may last.
LIFE_SECONDS = 900
RENEW_SECONDS = 600


class MintedCredentials:
    """Credentials that are good now; for many threads."""

    def __init__(self, renew, renewable, clock=time.monotonic):
        """`renew()` mints a token; `renewable` says whether it can again."""
        self._renew, self._renewable, self._clock = renew, renewable, clock
        self._lock = threading.Lock()
        self._at, self.minted = clock(), renew()

    def __call__(self):
        with self._lock:
            age = self._clock() - self._at
            if self._renewable and age > RENEW_SECONDS:
                self._at, self.minted = self._clock(), self._renew()
            elif age > LIFE_SECONDS:
                raise ExchangeError(
                    "The token made of --id-token was good for 15 minutes, and"
                    " an identity token counts once. Run the publish again"
                    " with a fresh one: it goes on where this one stopped."
                )
            return Credentials("__token__", self.minted.token)


def minted_credentials(options, identity, patience, exists):
    """For the identity of a CI job; the first token is minted at once."""
    return MintedCredentials(
        lambda: mint(options.url, options.name, identity, patience, exists),
        not identity.id_token,
    )
