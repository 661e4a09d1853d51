"""Which faults pass by themselves, and how long to wait: decisions only.

A fault is what an index answered, or how it failed to answer. The first row
of FAULTS that fits it decides.
"""

import re
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

# How long a fault is worth waiting for.
REFUSAL = "refusal"  # not at all: the answer will be the same
BRIEF = "brief"  # a few attempts: an index that is not up yet, or is stale
TRANSIENT = "transient"  # until the deadline

# How indexes without 409 say that a name is taken: PyPI's words, pypiserver's.
TAKEN = r"\b(file|package)\b.*\balready exists"

BRIEF_ATTEMPTS = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30


@dataclass(frozen=True)
class Fault:
    """An answer that is no success, or none at all."""

    # None where there was no answer.
    status: "int | None"
    # The server's words, or the system's.
    reason: str = ""
    # Where there was no answer: unreachable, gone, closed, timeout or
    # certificate; where it was none of an index: truncated, unfit; where
    # another token has been made in place of one that expired: renewed; where
    # the file may have been stored by an attempt that failed: stored.
    kind: str = ""
    # The header, as it came.
    retry_after: str = ""


@dataclass(frozen=True)
class Row:
    """What a fault looks like, and whether it passes."""

    verdict: str
    # First and last status that it fits; None fits every one.
    statuses: "tuple[int, int] | None" = None
    kind: "str | None" = None
    # Found in the reason, whatever its case.
    words: str = ""

    def fits(self, fault):
        if self.kind is not None and fault.kind != self.kind:
            return False
        if self.statuses is not None:
            first, last = self.statuses
            if fault.status is None or not first <= fault.status <= last:
                return False
        return bool(re.search(self.words, fault.reason, re.IGNORECASE))


FAULTS = (
    # Somebody else answers in the index's name.
    Row(REFUSAL, kind="certificate"),
    Row(REFUSAL, kind="unfit"),
    # Refused or unknown: up in a moment, or a wrong URL.
    Row(BRIEF, kind="unreachable"),
    # It was there before.
    Row(TRANSIENT, kind="gone"),
    Row(TRANSIENT, kind="closed"),
    Row(TRANSIENT, kind="timeout"),
    Row(TRANSIENT, kind="truncated"),
    Row(BRIEF, kind="renewed"),
    # The index has it, and does not list it yet.
    Row(TRANSIENT, kind="stored"),
    # Twenty an hour; no deadline waits for that.
    Row(REFUSAL, (429, 429), words="too many new projects"),
    Row(TRANSIENT, (429, 429)),
    Row(TRANSIENT, (408, 408)),
    Row(TRANSIENT, (425, 425)),
    # Another publish was faster, and the index does not list it yet.
    Row(BRIEF, (409, 409)),
    Row(BRIEF, (400, 400), words=TAKEN),
    # What the server cannot do at all.
    Row(REFUSAL, (501, 501)),
    Row(REFUSAL, (505, 505)),
    Row(REFUSAL, (507, 507)),
    Row(TRANSIENT, (500, 599)),
)


def has_expired(fault):
    """Whether it is the token's age that is refused."""
    words = r"token is expired|expired token"
    found = re.search(words, fault.reason, re.IGNORECASE)
    return fault.status in (401, 403) and found is not None


OTHER = Row(REFUSAL)


def row_of(fault):
    """The row that decides."""
    return next((row for row in FAULTS if row.fits(fault)), OTHER)


def verdict(fault):
    """REFUSAL, BRIEF or TRANSIENT."""
    return row_of(fault).verdict


def may_have_stored(fault):
    """Whether the index may have the file though it did not say so."""
    unsaid = fault.kind in ("closed", "timeout", "truncated")
    failed = fault.status is not None and fault.status >= 500
    return unsaid or (failed and verdict(fault) == TRANSIENT)


def in_doubt(fault, before):
    """A name that is taken, after faults that may have taken it: `stored`."""
    exists = re.search(TAKEN, fault.reason, re.IGNORECASE)
    taken = fault.status == 409 or (fault.status == 400 and exists)
    doubted = taken and any(may_have_stored(it) for it in before)
    return replace(fault, kind="stored") if doubted else fault


def asked_to_wait(fault, now):
    """Seconds that the server asks to wait for; 0 where it does not say.

    `now` is the time in seconds since 1970: the header may be a date.
    """
    text = fault.retry_after.strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0


def pause(attempt, asked, dice):
    """Seconds before the next attempt; `dice` is between 0 and 1.

    Exponential, and between half and all of that at random, so that many
    that failed together do not come back together.
    """
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
    return max(asked, longest * (0.5 + dice / 2))
