"""Waiting out faults, until a deadline."""

import contextlib
import json
import os
import random
import signal
import time

from faults import BRIEF, BRIEF_ATTEMPTS, REFUSAL, asked_to_wait, pause, verdict


@contextlib.contextmanager
def ends_within(seconds, what):
    """Ends the program with a sentence where the work takes longer.

    Every read has a time limit of its own, but a server can drip its headers
    one by one for hours. Threads that hang do not keep the program.
    """

    def give_up(*_):
        said = f"{what} did not end in {seconds:.0f} s: the index drips."
        os.write(1, json.dumps({"error": said, "problems": [said]}).encode())
        os._exit(1)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
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

    def outlasts(self, fault, attempt):
        """Waits before another attempt; False where there shall be none."""
        kind = verdict(fault)
        if kind == REFUSAL or (kind == BRIEF and attempt >= BRIEF_ATTEMPTS):
            return False
        asked = asked_to_wait(fault, time.time())
        seconds = pause(attempt, asked, random.random())
        if seconds >= self.left():
            return False
        self._sleep(seconds)
        return True

    def patiently(self, ask):
        """What `ask()` gives, asked again after faults that pass.

        It raises errors with a `fault`; the last one is let through.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return ask()
            except Exception as error:
                fault = getattr(error, "fault", None)
                if fault is None or not self.outlasts(fault, attempt):
                    raise
