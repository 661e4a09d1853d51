"""faults.py and patience.py: what passes by itself, and for how long."""

import contextlib
import time
from email.utils import formatdate

import pytest

from faults import (
    BRIEF,
    REFUSAL,
    TRANSIENT,
    Fault,
    asked_to_wait,
    has_expired,
    pause,
    verdict,
)
from patience import Patience


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        *[(Fault(status), TRANSIENT) for status in (500, 502, 503, 504, 520)],
        *[(Fault(status), TRANSIENT) for status in (408, 425, 429)],
        *[(Fault(status), REFUSAL) for status in (400, 401, 403, 404, 413)],
        *[(Fault(status), REFUSAL) for status in (301, 308, 501, 505, 507)],
        (Fault(429, "Too many new projects created"), REFUSAL),
        (Fault(409, "exists"), BRIEF),
        (Fault(400, "File already exists ('a', with …)"), BRIEF),
        (Fault(400, "Only one sdist may be uploaded per release"), REFUSAL),
        (Fault(403, "Read-only mode: Uploads are disabled"), REFUSAL),
        (Fault(None, "refused", "unreachable"), BRIEF),
        (Fault(None, "refused", "gone"), TRANSIENT),
        (Fault(None, "reset", "closed"), TRANSIENT),
        (Fault(None, "timed out", "timeout"), TRANSIENT),
        (Fault(None, "read 5 of 9", "truncated"), TRANSIENT),
        (Fault(None, "no simple page", "unfit"), REFUSAL),
        (Fault(403, "token is expired", "renewed"), BRIEF),
        (Fault(403, "token is expired"), REFUSAL),
        (Fault(None, "self-signed", "certificate"), REFUSAL),
        (Fault(None, "who knows"), REFUSAL),
    ],
)
def test_the_table_decides(fault, expected):
    assert verdict(fault) == expected


@pytest.mark.parametrize(
    ("status", "reason", "expired"),
    [
        (403, "Invalid API Token: token is expired, token is expired", True),
        (401, "Expired token", True),
        (403, "Invalid API Token: signatures do not match", False),
        (400, "token is expired", False),
    ],
)
def test_a_token_that_is_too_old_is_told_by_its_refusal(
    status, reason, expired
):
    assert has_expired(Fault(status, reason)) is expired


def test_a_server_may_ask_to_wait_in_seconds_or_until_a_date():
    now = 1_000_000
    assert asked_to_wait(Fault(429), now) == 0
    assert asked_to_wait(Fault(429, retry_after=" 7 "), now) == 7
    date = formatdate(now + 9, usegmt=True)
    assert asked_to_wait(Fault(429, retry_after=date), now) == 9
    assert asked_to_wait(Fault(429, retry_after=formatdate(0)), now) == 0
    assert asked_to_wait(Fault(429, retry_after="soon"), now) == 0


def test_pauses_double_up_to_a_limit_and_vary():
    assert [pause(n, 0, 1) for n in (1, 2, 3, 9)] == [0.5, 1, 2, 30]
    assert pause(3, 0, 0) == 1
    assert pause(1, 12, 0) == 12


class Clock:
    """Time that passes by sleeping only."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class BrokenError(Exception):
    def __init__(self, fault):
        super().__init__("broken")
        self.fault = fault


def attempts(fault, seconds, successes_after=None):
    """How often something that fails so is tried, and after what time."""
    clock, tries = Clock(), []
    patience = Patience(seconds, clock, clock.sleep)

    def ask():
        tries.append(clock.now)
        if successes_after is not None and len(tries) > successes_after:
            return "done"
        raise BrokenError(fault)

    with contextlib.suppress(BrokenError):
        patience.patiently(ask)
    return len(tries), clock.now


def test_a_refusal_is_told_at_once():
    assert attempts(Fault(403), 240) == (1, 0)
    assert attempts(None, 240) == (1, 0)


def test_a_brief_fault_is_tried_three_times():
    assert attempts(Fault(None, "", "unreachable"), 240)[0] == 3


def test_a_transient_fault_is_tried_until_the_deadline():
    count, end = attempts(Fault(503), 240)
    assert 8 < count < 20
    assert 200 < end <= 240


def test_what_heals_is_done():
    assert attempts(Fault(503), 240, successes_after=4)[0] == 5


def test_nobody_waits_for_longer_than_the_deadline():
    assert attempts(Fault(429, retry_after="300"), 240) == (1, 0)
    count, end = attempts(Fault(429, retry_after="100"), 240)
    assert (count, end) == (3, 200)


def test_time_is_left_until_there_is_none():
    patience = Patience(0.01)
    time.sleep(0.02)
    assert patience.left() == 0
