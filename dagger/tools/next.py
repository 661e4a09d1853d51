"""The next dev version of HEAD, as setuptools-scm makes it.

    python next.py --root /src --path packages/demo < request.json

The request holds facts.py's facts as far as they matter, and what the module
made of the tags: {"name", "settings", "tags": [{"tag", "version"}], "branch",
"node", "dirty", "time"}. "settings" are the project's, where they are not in
[tool.setuptools_scm]; else null.

`git describe` takes the nearest tag, so versions fall where an older series
is merged, and repeat where two tags of a series lead to the same version.
Here every tag behind HEAD is asked for: the one that leads to the highest
version counts, of several that lead there the farthest. The set of tags
behind HEAD only grows along a branch, so that version never falls, and while
it stays the number of commits since grows: no version comes twice, each is
higher than the one before.

Prints {"tag", "distance", "version", "guessed"}: the tag that counts (null for
the beginning of the history), commits since, setuptools-scm's version with
its local part, and whether its default scheme had to stand in for the
project's. What cannot be told is {"error": SENTENCE}, exit code 1.
"""

import argparse
import copy
import json
import sys
from datetime import datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path

from packaging.version import Version
from setuptools_scm import Configuration
from setuptools_scm.version import format_version, meta

from repository import GitFailedError, git

try:
    # setuptools-scm 10's own way; without it, it warns and may fail one day.
    from vcs_versioning import VcsEnvironment
except ImportError:
    VcsEnvironment = None

SCHEMES = "setuptools_scm.version_scheme"
GUESS = "guess-next-dev"
# Where there is no tag at all, setuptools-scm counts from this version.
BEGINNING = "0.0"
OLDEST = Version("8")


def no_local(_):
    """The local scheme that adds nothing."""
    return ""


class NoVersionError(Exception):
    """A version that cannot be told, with the sentence that says why."""


def configuration(pyproject, name, settings):
    """The project's settings as setuptools-scm reads them."""
    installed = metadata.version("setuptools-scm")
    if Version(installed) < OLDEST:
        raise NoVersionError(
            f"The project builds with setuptools-scm {installed}, which"
            " cannot be asked about single tags. Write"
            f' "setuptools-scm>={OLDEST}" in [build-system].requires.'
        )
    known = VcsEnvironment and VcsEnvironment.from_env("SETUPTOOLS_SCM")
    file, environment = str(pyproject), {"_env": known} if known else {}
    if settings is not None:
        return Configuration.from_data(file, dict(settings), **environment)
    try:
        return Configuration.from_file(file, dist_name=name, **environment)
    except LookupError:  # no [tool.setuptools_scm]: its own defaults
        return Configuration(relative_to=file, dist_name=name, **environment)


def loaded(scheme):
    """A version scheme as what its names stand for.

    setuptools-scm looks names up for each version: a second for 500 tags. On
    Python 3.9 it is left to that.
    """
    if isinstance(scheme, (list, tuple)):
        return [loaded(it) for it in scheme]
    if not isinstance(scheme, str) or sys.version_info < (3, 10):
        return scheme
    known = metadata.entry_points(group=SCHEMES, name=scheme)
    return next((it.load() for it in known), scheme)


class Scheme:
    """A version scheme, asked about commits after a tag."""

    def __init__(self, config, request):
        self.config = copy.copy(config)
        self.config.version_scheme = loaded(config.version_scheme)
        self.facts = {key: request[key] for key in ("branch", "node", "dirty")}
        self.date = datetime.fromtimestamp(request["time"], timezone.utc).date()

    def version(self, tag, distance):
        """The version of the commit `distance` after the version `tag`."""
        # Given as a version and not as text, it is not read by the project's
        # tag pattern once more.
        version = meta(
            self.config.version_cls(tag),
            distance=distance,
            config=self.config,
            node_date=self.date,
            **self.facts,
        )
        return format_version(version)

    def guessing(self):
        """The same with setuptools-scm's default scheme."""
        other = copy.copy(self)
        other.config = copy.copy(self.config)
        other.config.version_scheme = loaded(GUESS)
        return other

    def public(self):
        """The same without local parts, which say nothing of what is next."""
        other = copy.copy(self)
        other.config = copy.copy(self.config)
        other.config.local_scheme = no_local
        return other


def fits(text, tag, distance):
    """Whether a version lies after its tag, and counts commits.

    What follows a pre-release comes before its final release: 0.6.0rc2.dev1
    fits after 0.6.0rc1, and 0.7.0.dev1 would skip 0.6.0. A scheme that gives
    no dev versions would release every commit.
    """
    answer, before = Version(Version(text).public), Version(tag)
    skips = before.is_prerelease and answer > Version(before.base_version)
    return answer.dev == distance and answer > before and not skips


def after(schemes, tag, distance):
    """The version that the first scheme with a fitting one gives."""
    reasons = []
    for scheme in schemes:
        try:
            text = scheme.version(tag, distance)
        except Exception as error:  # a scheme may be the project's own code
            reasons.append(str(error))
            continue
        if fits(text, tag, distance):
            return text, scheme
        reasons.append(f"it gives {text}")
    raise NoVersionError(
        f"setuptools-scm tells no version for commits after {tag}:"
        f" {'; '.join(reasons)}. Change version_scheme or local_scheme in the"
        " project's settings."
    )


def base(text):
    """What a dev version leads to, to be compared: its `.dev0`."""
    public = Version(text).public
    return Version(f"{public.rpartition('.dev')[0]}.dev0")


def follow_dates(schemes, root):
    """Gives schemes that go by the date the newest of the whole history.

    Clocks differ: the last commit is not always the latest.
    """
    own = schemes[0]
    later = copy.copy(own)
    later.date = own.date + timedelta(days=366)
    try:
        dated = own.version("1.0", 1) != later.version("1.0", 1)
    except Exception:  # `after` says what is wrong
        return
    if dated:
        times = git(root, "log", "--format=%ct", "HEAD").split()
        newest = datetime.fromtimestamp(max(map(int, times)), timezone.utc)
        own.date = newest.date()


def count(root, tag):
    """Commits since a tag, all lines of history; the whole without one."""
    since = f"refs/tags/{tag}..HEAD" if tag else "HEAD"
    return int(git(root, "rev-list", "--count", since))


def earliest(root, tags):
    """Those tags that have no other of them behind them."""
    refs = "".join(f"refs/tags/{tag}^{{commit}}\n" for tag in tags)
    check = ("cat-file", "--batch-check=%(objectname)")
    commits = git(root, *check, stdin=refs).split()
    by_commit = dict(zip(commits, tags))
    graph = git(
        root, "rev-list", "--topo-order", "--reverse", "--parents", "HEAD"
    )
    found, after_one = [], set()
    for line in graph.splitlines():
        commit, *parents = line.split()
        if not after_one.isdisjoint(parents):
            after_one.add(commit)
        elif commit in by_commit:
            after_one.add(commit)
            found.append(by_commit[commit])
    return found


def farthest(root, tags):
    """The tag with most commits since, and how many."""
    if None in tags:
        return None, count(root, None)
    candidates = tags if len(tags) == 1 else earliest(root, tags)
    return max(
        ((tag, count(root, tag)) for tag in candidates), key=lambda it: it[1]
    )


def next_version(root, pyproject, request):
    """What is printed; see above."""
    config = configuration(pyproject, request["name"], request["settings"])
    own = Scheme(config, request)
    schemes = [own, own.guessing()]
    follow_dates(schemes, root)
    tags = {it["tag"]: it["version"] for it in request["tags"]}
    # A fallback is for histories without tags: people write 999 there.
    fallback = getattr(config, "fallback_version", None)
    tags[None] = BEGINNING if tags else fallback or BEGINNING
    public = [scheme.public() for scheme in schemes]
    bases = {
        tag: base(after(public, version, 1)[0]) for tag, version in tags.items()
    }
    highest = max(bases.values())
    leaders = [tag for tag, it in bases.items() if it == highest]
    tag, distance = farthest(root, leaders)
    version, scheme = after(schemes, tags[tag], distance)
    return {
        "tag": tag,
        "distance": distance,
        "version": version,
        "guessed": scheme is not own,
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--path", default=".")
    options = parser.parse_args(arguments)
    pyproject = options.root / options.path / "pyproject.toml"
    try:
        answer = next_version(options.root, pyproject, json.load(sys.stdin))
    except (NoVersionError, GitFailedError) as error:
        answer = {"error": str(error)}
    print(json.dumps(answer))
    sys.exit("error" in answer)


if __name__ == "__main__":
    main()
