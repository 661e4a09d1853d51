"""minted.py: a token is renewed in time, or its end is told."""

import pytest

from exchange import ExchangeError, Minted
from minted import MintedCredentials, life_of


class Mint:
    """Counts its tokens; the clock is `now`."""

    def __init__(self, expires=None):
        self.count, self.now, self.expires = 0, 0.0, expires

    def __call__(self):
        self.count += 1
        return Minted(f"pypi-{self.count}", {"aud": "pypi"}, self.expires)

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


@pytest.mark.parametrize(
    ("expires", "seconds"),
    [(None, 900), (1060, 60), (1900, 900), (9999, 900), (1000, 900), (5, 900)],
)
def test_a_token_lives_as_the_index_says_where_that_can_be(expires, seconds):
    assert life_of(expires, 1000) == seconds


def test_a_token_of_a_short_life_is_renewed_sooner():
    mint = Mint(expires=60)
    credentials = mint.credentials(True)
    mint.now = 39
    assert credentials().password == "pypi-1"
    mint.now = 41
    assert credentials().password == "pypi-2"


def test_a_token_that_the_index_calls_expired_is_renewed_once():
    mint = Mint()
    credentials = mint.credentials(True)
    old = credentials()
    assert credentials.renewed(old)
    assert credentials.renewed(old)  # by another thread, meanwhile
    assert (mint.count, credentials().password) == (2, "pypi-2")
    given = Mint()
    single = given.credentials(False)
    assert not single.renewed(single())
    assert given.count == 1


def test_a_mint_that_refuses_is_told_at_once():
    def refuse():
        raise ExchangeError("no")

    with pytest.raises(ExchangeError, match="no"):
        MintedCredentials(refuse, True)
