"""upload.py: the order of files, and what one of them does to the others."""

import threading
import time
from pathlib import Path

import pytest

from faults import Fault
from patience import Patience
from shelf import OtherBytesError
from upload import (
    File,
    UploadError,
    as_told,
    given_up,
    refusal,
    send_file,
    upload_all,
)


def files(count):
    return [File(Path(f"{number}.whl"), "") for number in range(count)]


def test_the_first_goes_alone_then_four_at_once():
    under_way, seen, lock = set(), {}, threading.Lock()

    def send(file):
        with lock:
            under_way.add(file.name)
            seen[file.name] = len(under_way)
        time.sleep(0.05)
        with lock:
            under_way.remove(file.name)

    upload_all(files(9), send)
    assert len(seen) == 9
    assert seen["0.whl"] == 1
    assert max(seen.values()) == 4


def test_after_a_problem_no_other_is_begun():
    begun = []

    def send(file):
        begun.append(file.name)
        raise UploadError("no")

    with pytest.raises(UploadError, match=r"^no$"):
        upload_all(files(9), send)
    assert begun == ["0.whl"]


class Shelf:
    """Has the file once it was asked this often."""

    def __init__(self, after):
        self.after, self.asked = after, 0

    def has(self, *_, fresh=False):
        self.asked += 1
        return self.asked > self.after


class Sender:
    def __init__(self, *faults):
        self.faults = list(faults)

    def send(self, *_):
        return self.faults.pop(0) if self.faults else None


def sent(sender, shelf, seconds=9):
    [file] = files(1)
    patience = Patience(seconds, sleep=lambda _: None)
    send_file("https://x/", file, shelf, sender, patience)
    return file.outcome, file.attempts, file.faults


def test_a_file_is_sent_until_it_is_in():
    never = Shelf(99)
    assert sent(Sender(), never) == ("uploaded", 1, [])
    fault = Fault(503, "busy")
    assert sent(Sender(fault), never) == ("uploaded", 2, ["503: busy"])


def test_what_is_there_is_not_sent():
    assert sent(Sender(), Shelf(0)) == ("already there", 0, [])


def test_what_was_stored_all_the_same_is_not_sent_again():
    reset = Fault(None, "reset", "closed")
    found = sent(Sender(reset), Shelf(1))
    assert found == ("already there", 1, ["closed: reset"])


def test_a_name_that_is_taken_after_a_fault_is_waited_for_not_sent_again():
    stored, taken = Fault(502, "bad"), Fault(409, "exists")
    # Asked twice for each that is sent, once for each wait.
    found = sent(Sender(stored, taken), Shelf(9), 999)
    assert found == ("already there", 2, ["502: bad", "409: exists"])


def test_a_name_that_stays_taken_says_what_may_be_there():
    stored, taken = Fault(502, "bad"), Fault(409, "exists")
    with pytest.raises(UploadError, match=r"409.*may have stored these very"):
        sent(Sender(stored, taken), Shelf(999), 1)


def test_an_attempt_that_lasts_and_goes_well_takes_no_patience():
    [file], clock = files(1), [0.0]
    patience = Patience(10, lambda: clock[0], lambda _: None)

    class Slow:
        def send(self, *_):
            clock[0] += 500

    send_file("https://x/", file, Shelf(9), Slow(), patience)
    assert (file.outcome, patience.left()) == ("uploaded", 10)


def test_what_is_given_up_tells_each_files_state():
    done, under_way, later = files(3)
    done.outcome, under_way.attempts, under_way.sending = "uploaded", 1, True
    report = {"simple": "s", "files": [done, under_way, later]}
    told = given_up(report, "It drips.")
    assert told["error"].startswith("It drips.\nThe index has 0.whl of")
    states = [(it["outcome"], it["attempts"]) for it in told["files"]]
    assert states == [("uploaded", 0), ("", 1), ("", 0)]
    [fault] = told["files"][1]["faults"]
    assert "under way" in fault
    assert told["files"][2]["faults"] == []


def test_what_would_be_uploaded_is_not_there():
    [file] = files(1)
    file.outcome = "would be uploaded"
    told = as_told({"files": [file]}, "No.")
    assert told["error"] == "No."
    assert "error" not in as_told({"files": [file]})


def test_a_refusal_stops():
    with pytest.raises(UploadError, match=r"with 403: no\. Check --token"):
        sent(Sender(Fault(403, "no")), Shelf(99))


def test_a_sentence_says_how_often_it_was_tried():
    [file] = files(1)
    file.attempts = 3
    said = refusal("https://x/", file, Fault(None, "reset", "closed"))
    assert said == (
        "0.whl did not get through to https://x/ after 3 attempts: reset."
    )


def test_other_bytes_are_a_problem_like_any_other():
    def send(_):
        raise OtherBytesError("other")

    with pytest.raises(UploadError, match="other"):
        upload_all(files(1), send)
