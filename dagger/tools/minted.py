"""The token of an upload by trusted publishing, renewed before it expires."""

import threading
import time

from exchange import ExchangeError, mint
from index import Credentials

# PyPI's live for 15 minutes; an attempt that began in time may last.
LONGEST_SECONDS = 900
RENEWED_AFTER = 2 / 3


def life_of(expires, now):
    """Seconds for which a token is good; the clocks may differ."""
    said = LONGEST_SECONDS if expires is None else expires - now
    return said if 0 < said < LONGEST_SECONDS else LONGEST_SECONDS


class MintedCredentials:
    """Credentials that are good now; for many threads."""

    def __init__(self, mint, renewable, clock=time.time):
        """`mint()` gives a token; `renewable` says whether it can again."""
        self._mint, self._renewable, self._clock = mint, renewable, clock
        self._lock = threading.Lock()
        self._renew()

    def _renew(self):
        self._at, self.minted = self._clock(), self._mint()
        self._life = life_of(self.minted.expires, self._clock())

    def __call__(self):
        with self._lock:
            age = self._clock() - self._at
            if self._renewable and age > self._life * RENEWED_AFTER:
                self._renew()
            elif age > self._life:
                raise ExchangeError(
                    "The token made of --id-token was good for"
                    f" {self._life:.0f} s, and an identity token counts once."
                    " Run the publish again with a fresh one: it goes on where"
                    " this one stopped."
                )
            return Credentials("__token__", self.minted.token)

    def renewed(self, credentials):
        """Whether there are others than these, which have expired."""
        with self._lock:
            if self._renewable and credentials.password == self.minted.token:
                self._renew()
            return credentials.password != self.minted.token


def minted_credentials(options, identity, patience, exists):
    """For the identity of a CI job; the first token is minted at once."""
    return MintedCredentials(
        lambda: mint(options.url, options.name, identity, patience, exists),
        not identity.id_token,
    )
