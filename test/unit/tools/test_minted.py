"""minted.py: a token is renewed in time, or its end is told."""

import pytest

from exchange import ExchangeError, Minted
from minted import MintedCredentials


class Mint:
    """Counts its tokens; the clock is `now`."""

    def __init__(self):
        self.count, self.now = 0, 0.0

    def __call__(self):
        self.count += 1
        return Minted(f"pypi-{self.count}", {"aud": "pypi"})

    def credentials(self, renewable):
        return MintedCredentials(self, renewable, lambda: self.now)


def test_one_token_serves_until_it_is_old():
    mint = Mint()
    credentials = mint.credentials(True)
    assert credentials().username == "__token__"
    mint.now = 599
    assert credentials().password == "pypi-1"
    mint.now = 601
    assert credentials().password == "pypi-2"
    mint.now = 1200
    assert credentials().password == "pypi-2"
    mint.now = 1202
    assert credentials().password == "pypi-3"


def test_a_token_that_cannot_be_renewed_ends_in_a_sentence():
    mint = Mint()
    credentials = mint.credentials(False)
    mint.now = 899
    assert credentials().password == "pypi-1"
    mint.now = 901
    with pytest.raises(ExchangeError, match=r"Run the publish again") as told:
        credentials()
    assert mint.count == 1
    assert "pypi-1" not in str(told.value)


def test_a_mint_that_refuses_is_told_at_once():
    def refuse():
        raise ExchangeError("no")

    with pytest.raises(ExchangeError, match="no"):
        MintedCredentials(refuse, True)
