"""Waiting out faults, until a deadline."""

import contextlib
import json
import os
import random
import signal
import threading
import time
from collections import Counter

from faults import BRIEF, BRIEF_ATTEMPTS, REFUSAL, asked_to_wait, pause, row_of

# Beyond the deadline: an attempt that is under way may end.
GRACE_SECONDS = 30
# Bytes a second of the slowest line that files are sent on.
SLOWEST_LINE = 50_000


def sending_seconds(size):
    """Seconds that bytes may be on their way."""
    return size / SLOWEST_LINE


class Guard:
    """The time by which something must have moved."""

    def __init__(self, seconds, clock=time.monotonic):
        self._clock, self._lock = clock, threading.Lock()
        self._until = clock() + seconds

    def allow(self, seconds, size=0):
        """What begins now may take so long, and its bytes come on top.

        Those of several files at once share a line.
        """
        with self._lock:
            until = max(self._until, self._clock() + seconds)
            self._until = until + sending_seconds(size)

    def left(self):
        # Without the lock: who is interrupted may have it.
        return self._until - self._clock()


def nothing_known(_):
    return {}


@contextlib.contextmanager
def ends_within(seconds, what, told=nothing_known):
    """Ends the program with a sentence where nothing moves for too long.

    Every read has a time limit of its own, but a server can drip its headers
    one by one for hours. Threads that hang do not keep the program. Gives the
    guard; `told(sentence)` is what else is printed, as an object.
    """
    guard, start = Guard(seconds), time.monotonic()

    def give_up(*_):
        left = guard.left()
        if left > 0:
            signal.setitimer(signal.ITIMER_REAL, left)
            return
        lasted = time.monotonic() - start
        said = (
            f"{what} did not end in {lasted:.0f} s: the index drips, or the"
            f" line is slower than {SLOWEST_LINE // 1000} kB/s. Run the same"
            " call again."
        )
        answer = {"error": said, "problems": [said], **told(said)}
        text = json.dumps(answer).encode()
        while text:
            text = text[os.write(1, text) :]
        os._exit(1)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield guard
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Patience:
    """How long a caller is ready to wait in all; shared by threads."""

    def __init__(self, seconds, clock=time.monotonic, sleep=time.sleep):
        self.seconds = seconds
        self._clock, self._sleep = clock, sleep
        self._end = clock() + seconds

    def left(self):
        """Seconds until the deadline, never less than 0."""
        return max(0.0, self._end - self._clock())

    def at_least(self, seconds):
        """Seconds until the deadline, or these where there are fewer."""
        return max(seconds, self.left())

    def keep(self, left):
        """Has as much left as before something that went well."""
        self._end = max(self._end, self._clock() + left)

    def outlasts(self, fault, met):
        """Waits before another attempt; False where there shall be none.

        `met` counts the faults of what is attempted, each kind on its own.
        """
        row = row_of(fault)
        met[row] += 1
        brief = row.verdict == BRIEF and met[row] >= BRIEF_ATTEMPTS
        if row.verdict == REFUSAL or brief:
            return False
        asked = asked_to_wait(fault, time.time())
        seconds = pause(met[row], asked, random.random())
        if seconds >= self.left():
            return False
        self._sleep(seconds)
        return True

    def patiently(self, ask):
        """What `ask()` gives, asked again after faults that pass.

        It raises errors with a `fault`; the last one is let through.
        """
        met = Counter()
        while True:
            try:
                return ask()
            except Exception as error:
                fault = getattr(error, "fault", None)
                if fault is None or not self.outlasts(fault, met):
                    raise
