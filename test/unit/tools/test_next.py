"""next.py: what the installed setuptools-scm says comes next."""

import io
import json
import sys

import pytest

import next as next_tool
from next import NoVersionError, next_version

PYPROJECT = """\
[project]
name = "demo"
dynamic = ["version"]
[tool.setuptools_scm]
"""


def request(*tags, **changes):
    """A question, with tags by their names."""
    return {
        "name": "demo",
        "settings": None,
        "tags": [{"tag": tag, "version": tag.lstrip("v")} for tag in tags],
        "branch": "main",
        "node": "g1a2b3c4d5",
        "dirty": False,
        "time": 1_700_000_000,
        **changes,
    }


@pytest.fixture
def ask(repository):
    """Asks about the tags behind HEAD, under some settings."""

    def asked(settings="", **changes):
        pyproject = repository.root / "pyproject.toml"
        pyproject.write_text(PYPROJECT + settings)
        tags = repository.git("tag", "--merged", "HEAD~1").split()
        question = request(*tags, **changes)
        return next_version(repository.root, pyproject, question)

    return asked


@pytest.fixture
def history(repository):
    """Makes commits, each with the tags that are named."""

    def made(*commits):
        for tags in commits:
            repository.commit({})
            for tag in tags.split():
                repository.git("tag", tag)

    return made


def test_commits_are_counted_from_the_tag(history, ask):
    history("v1.0", "", "")
    assert ask() == {
        "tag": "v1.0",
        "distance": 2,
        "version": "1.1.dev2+g1a2b3c4d5",
        "guessed": False,
    }


def test_without_a_tag_the_whole_history_counts(history, ask):
    history("", "", "")
    assert ask()["version"] == "0.1.dev3+g1a2b3c4d5"
    assert ask()["tag"] is None


def test_a_fallback_version_counts_without_any_tag_only(history, ask):
    history("", "")
    settings = 'fallback_version = "999"\n'
    assert ask(settings)["version"].startswith("1000.dev2")
    history("v1.0", "")
    assert ask(settings)["version"].startswith("1.1.dev1")


def test_of_tags_that_lead_to_one_version_the_farthest_counts(history, ask):
    history("v1.0.0", "", "v1.0.1", "", "v1.0.2", "")
    settings = 'version_scheme = "semver-pep440-release-branch"\n'
    assert ask(settings)["version"].startswith("1.1.0.dev5")
    assert ask(settings)["tag"] == "v1.0.0"


def test_of_tags_side_by_side_the_one_with_more_commits_since_counts(
    repository, history, ask
):
    history("", "v1.0.0", "", "")
    repository.git("checkout", "--quiet", "-b", "side", "HEAD~3")
    history("", "", "v1.0.1", "")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message=x", "side")
    settings = 'version_scheme = "semver-pep440-release-branch"\n'
    found = ask(settings)
    counts = {
        tag: int(repository.git("rev-list", "--count", f"{tag}..HEAD"))
        for tag in ("v1.0.0", "v1.0.1")
    }
    assert found["distance"] == max(counts.values())
    assert counts[found["tag"]] == found["distance"]


def test_a_merged_older_series_does_not_pull_the_version_down(
    repository, history, ask
):
    history("v1.0", "v2.0", "")
    repository.git("checkout", "--quiet", "-b", "old", "v1.0")
    history("", "v1.1")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message=x", "old")
    assert ask()["version"].startswith("2.1.dev")
    assert ask()["tag"] == "v2.0"


@pytest.mark.parametrize(
    ("scheme", "tag", "version", "guessed"),
    [
        ("guess-next-dev", "v1.0rc1", "1.0rc2.dev1", False),
        ("semver-pep440-release-branch", "v1.0rc1", "1.0rc2.dev1", True),
        ("semver-pep440-release-branch", "v1.0.dev0", "1.0.0.dev1", False),
        ("no-guess-dev", "v1.0", "1.0.post1.dev1", False),
        ("no-guess-dev", "v1.0.post1", "1.0.post2.dev1", True),
        ("no-guess-dev", "v1.0rc1", "1.0rc1.post1.dev1", False),
        ("only-version", "v1.0", "1.1.dev1", True),
        ("post-release", "v1.0", "1.1.dev1", True),
    ],
)
def test_a_scheme_is_honoured_where_its_version_fits(
    history, ask, scheme, tag, version, guessed
):
    history(tag, "")
    found = ask(f'version_scheme = "{scheme}"\n')
    assert found["version"].partition("+")[0] == version
    assert found["guessed"] is guessed


def test_schemes_may_be_a_list(history, ask):
    history("v1.0", "")
    scheme = '["semver-pep440", "guess-next-dev"]'
    assert ask(f"version_scheme = {scheme}\n")["version"].startswith(
        "1.0.1.dev1"
    )


def test_a_scheme_goes_by_the_branch_that_is_told(history, ask):
    history("v1.2.3", "")
    settings = 'version_scheme = "semver-pep440-release-branch"\n'
    assert ask(settings, branch="1.2")["version"].startswith("1.2.4.dev1")
    assert ask(settings, branch=None)["version"].startswith("1.3.0.dev1")


def test_an_edited_tree_says_so_in_its_local_part(history, ask):
    history("v1.0", "")
    assert ".d" in ask(dirty=True)["version"]


def test_a_dated_scheme_goes_by_the_newest_commit(
    repository, history, ask, monkeypatch
):
    history("")
    for day in ("2024-03-09", "2024-03-02"):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T12:00:00Z")
        if day == "2024-03-09":
            # The first commit is older than both.
            amend = ("--amend", "--no-edit", "--allow-empty")
            repository.git("commit", "--quiet", *amend)
        repository.git("commit", "--quiet", "--allow-empty", "--message=x")
    time = int(repository.git("log", "-1", "--format=%ct"))
    found = ask('version_scheme = "calver-by-date"\n', time=time)
    assert found["version"].startswith("24.3.9.0.dev")


def test_settings_can_be_handed_over(repository, history):
    history("v1.0", "")
    pyproject = repository.root / "pyproject.toml"
    settings = {"local_scheme": "no-local-version"}
    question = request("v1.0", settings=settings)
    found = next_version(repository.root, pyproject, question)
    assert found["version"] == "1.1.dev1"


def test_a_project_without_settings_has_the_defaults(repository, history, ask):
    history("v1.0", "")
    pyproject = repository.root / "pyproject.toml"
    pyproject.write_text('[project]\nname = "demo"\n')
    found = next_version(repository.root, pyproject, request("v1.0"))
    assert found["version"].startswith("1.1.dev1")


def test_where_no_scheme_tells_a_version_the_reasons_are_told(history, ask):
    history("v1.0", "")
    with pytest.raises(NoVersionError, match=r"after 1\.0:.*uncommitted"):
        ask('local_scheme = "no-local-version-strict"\n', dirty=True)


def test_a_setuptools_scm_that_is_too_old_is_refused(history, ask, monkeypatch):
    history("v1.0", "")
    monkeypatch.setattr(next_tool.metadata, "version", lambda _: "7.1.0")
    with pytest.raises(NoVersionError, match=r"7\.1\.0.*setuptools-scm>=8"):
        ask()


def run(repository, question, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question)))
    with pytest.raises(SystemExit) as ended:
        next_tool.main(["--root", str(repository.root)])
    return ended.value.code


def test_the_program_prints_json(repository, history, monkeypatch, capsys):
    repository.commit({"pyproject.toml": PYPROJECT})
    history("v1.0", "")
    assert not run(repository, request("v1.0"), monkeypatch)
    assert json.loads(capsys.readouterr().out)["distance"] == 1


def test_the_program_fails_with_a_sentence(
    repository, history, monkeypatch, capsys
):
    settings = 'local_scheme = "no-local-version-strict"\n'
    repository.commit({"pyproject.toml": PYPROJECT + settings})
    history("v1.0", "")
    question = request("v1.0", dirty=True)
    assert run(repository, question, monkeypatch)
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"].startswith("setuptools-scm tells no version")


def test_setuptools_scm_before_10_has_ways_of_its_own(
    repository, history, monkeypatch
):
    def without_section(*_, **__):
        raise LookupError("no section")

    history("v1.0", "")
    pyproject = repository.root / "pyproject.toml"
    monkeypatch.setattr(next_tool, "VcsEnvironment", None)
    monkeypatch.setattr(next_tool.Configuration, "from_file", without_section)
    found = next_version(repository.root, pyproject, request("v1.0"))
    assert found["version"] == "1.1.dev1+g1a2b3c4d5"


def test_a_scheme_that_is_code_already_is_taken_as_it_is():
    assert next_tool.loaded(print) is print
    assert next_tool.loaded("my_project:scheme") == "my_project:scheme"
