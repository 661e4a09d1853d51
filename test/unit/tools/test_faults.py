"""faults.py and patience.py: what passes by itself, and for how long."""

import contextlib
import json
import subprocess
import sys
import time
from collections import Counter
from email.utils import formatdate
from pathlib import Path

import pytest

import patience as patience_module
from faults import (
    BRIEF,
    REFUSAL,
    TRANSIENT,
    Fault,
    asked_to_wait,
    has_expired,
    in_doubt,
    may_have_stored,
    pause,
    verdict,
)
from patience import Guard, Patience


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
        (Fault(409, "exists", "stored"), TRANSIENT),
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
    for text in ("soon", "\u00b2", "\u0663", "-1", "1.5", "9" * 999 + "x"):
        assert asked_to_wait(Fault(429, retry_after=text), now) == 0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(502), True),
        (Fault(None, "", "timeout"), True),
        (Fault(None, "", "closed"), True),
        (Fault(501), False),
        (Fault(429), False),
        (Fault(None, "", "gone"), False),
    ],
)
def test_some_faults_may_have_stored_the_file(fault, expected):
    assert may_have_stored(fault) is expected


def test_a_name_that_is_taken_is_in_doubt_after_them():
    conflict, exists = Fault(409, "x"), Fault(400, "File already exists")
    package = Fault(400, "Package 'a.whl' already exists! You may …")
    for fault in (conflict, exists, package):
        assert in_doubt(fault, [Fault(429), Fault(502)]).kind == "stored"
        assert in_doubt(fault, [Fault(429)]) == fault
    assert in_doubt(Fault(400, "no"), [Fault(502)]).kind == ""


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


def test_each_kind_of_fault_is_counted_on_its_own():
    clock, met = Clock(), Counter()
    patience = Patience(240, clock, clock.sleep)
    renewed = Fault(403, "token is expired", "renewed")
    busy, gone = Fault(503), Fault(None, "", "unreachable")
    for fault in (busy, busy, busy, renewed, gone, busy, gone):
        assert patience.outlasts(fault, met)
    assert not patience.outlasts(gone, met)
    assert patience.outlasts(renewed, met)


def test_what_went_well_takes_no_patience():
    clock = Clock()
    patience = Patience(10, clock, clock.sleep)
    clock.now = 4
    left = patience.left()
    clock.now = 300
    assert (left, patience.left()) == (6, 0)
    patience.keep(left)
    assert patience.left() == 6
    patience.keep(1)
    assert patience.left() == 6


def test_what_is_under_way_is_given_the_time_of_a_slow_line():
    clock = Clock()
    guard = Guard(40, clock)
    guard.allow(30, 0)
    assert guard.left() == 40
    # Two at once share it.
    guard.allow(30, 50_000 * 100)
    guard.allow(30, 50_000 * 100)
    assert guard.left() == 240
    clock.now = 230
    guard.allow(30)
    assert guard.left() == 30


PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from patience import ends_within
with ends_within(0.2, "The upload", lambda said: {"files": [said[:10]]}) as it:
    it.allow(0.5)
    time.sleep(60)
"""


def test_a_program_ends_where_nothing_moves_and_tells_what_it_has():
    tools = str(Path(patience_module.__file__).parent)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tools], stdout=subprocess.PIPE
    )
    assert 0.5 < time.monotonic() - start < 30
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["error"].startswith("The upload did not end in")
    assert answer["problems"] == [answer["error"]]
    assert answer["files"] == ["The upload"]


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
