"""What an index has of the files that are to be there."""

import os
import threading
import time
from pathlib import Path

# Even at the end an honest index may answer.
SHORTEST_READ = 5
# A listing that is younger serves several files at once.
FRESH_SECONDS = 1


class OtherBytesError(Exception):
    """A name that is taken, with the sentence that says so."""


class Shelf:
    """Asks the index, and again after faults that pass; for many threads."""

    def __init__(self, index, project, patience):
        self.index, self.project, self.patience = index, project, patience
        self._lock = threading.Lock()
        self._listed, self._at = {}, None

    def _ask(self):
        seconds = self.patience.at_least(SHORTEST_READ)
        return self.index.files(self.project, seconds)

    def listed(self, fresh=False):
        """The files of the project by name."""
        with self._lock:
            old = self._at is None or (
                time.monotonic() - self._at > FRESH_SECONDS
            )
            if fresh or old:
                self._listed = self.patience.patiently(self._ask)
                self._at = time.monotonic()
            return self._listed

    def has(self, name, digest, fresh=False):
        """Whether the file is there, with these bytes.

        Other bytes under its name raise OtherBytesError.
        """
        file = self.listed(fresh).get(name)
        if file is None:
            return False
        nowhere = Path(os.devnull)
        found = file.sha256 or self.patience.patiently(
            lambda: self.index.download(file, nowhere)
        )
        if found != digest:
            raise OtherBytesError(
                f"{name} is on the index with other bytes: sha256 {found}"
                f" there, {digest} here. A file name is taken for ever; make"
                " a new version."
            )
        return True
