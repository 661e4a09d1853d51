"""zizmor: which of its rules `audit` can report, and which it cannot.

Each of those that it can has a repository in test/fixtures/audit/zizmor, by
its name, and a fix in dagger/src/audit/zizmor.ts.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audit" / "zizmor"

# The rules that say nothing as `audit` calls zizmor, by what they need.
ONLINE = {
    "impostor-commit",
    "known-vulnerable-actions",
    "ref-confusion",
    "ref-version-mismatch",
    "stale-action-refs",
}
PEDANTIC = {
    "anonymous-definition",
    "concurrency-limits",
    "undocumented-permissions",
}
AUDITOR = {"secrets-outside-env", "self-hosted-runner"}

# Something of each rule that a persona is too lenient for.
SMELLS = """\
on: push
permissions: {}
jobs:
  job:
    runs-on: self-hosted
    permissions:
      issues: write
    steps:
      - run: ./tell
        env:
          TOKEN: ${{ secrets.TOKEN }}
"""


@pytest.fixture
def project(tmp_path):
    workflow = tmp_path / ".github" / "workflows" / "ci.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(SMELLS)
    return tmp_path


def zizmor(project, *options, log="error"):
    command = [shutil.which("zizmor"), "--offline", "--no-exit-codes"]
    return subprocess.run(
        [*command, "--format=json-v1", *options, str(project)],
        env={**os.environ, "RUST_LOG": log, "NO_COLOR": "1"},
        check=True,
        capture_output=True,
        text=True,
    )


def reported(project, persona):
    done = zizmor(project, f"--persona={persona}")
    return {finding["ident"] for finding in json.loads(done.stdout)}


def test_each_rule_has_a_fixture_or_cannot_be_reported(project):
    log = zizmor(project, log="debug").stderr
    skipped = set(re.findall(r"skipping ([a-z-]+): can't run", log))
    run = set(re.findall(r"scheduling ([a-z-]+) on ", log))
    assert skipped == ONLINE
    fixtures = {path.stem for path in FIXTURES.iterdir()}
    assert run - PEDANTIC - AUDITOR == fixtures


def test_rules_without_a_fixture_are_those_of_other_personas(project):
    assert reported(project, "regular") == set()
    assert reported(project, "pedantic") == PEDANTIC
    assert reported(project, "auditor") == PEDANTIC | AUDITOR
