"""A plugin of pytest's: counts as its last line does, into a file.

The JUnit report counts each part of a test that passed as one more; pytest
does not. Runs in the project's environment, with whatever pytest it has.
"""

import json
import os
from collections import Counter
from pathlib import Path

FILE = "PYPI_DEPLOY_COUNTS"


class Counts:
    """What became of each test, by pytest's own names."""

    def __init__(self, config, file):
        self.config, self.file, self.counts = config, file, Counter()

    def pytest_runtest_logreport(self, report):
        ask = self.config.hook.pytest_report_teststatus
        self.counts[ask(report=report, config=self.config)[0]] += 1

    def pytest_collectreport(self, report):
        self.counts["error"] += report.failed

    def pytest_unconfigure(self):
        self.file.write_text(json.dumps(self.counts), encoding="utf-8")


def pytest_configure(config):
    # A worker of pytest-xdist tells what it ran to the process that counts.
    if FILE in os.environ and not hasattr(config, "workerinput"):
        counts = Counts(config, Path(os.environ[FILE]))
        config.pluginmanager.register(counts, "pypi-deploy-counts")
