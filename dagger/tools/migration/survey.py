"""What a project is made of before its migration, as one JSON object.

Facts only: what they mean is decided by the module (migration/plan.ts).

    python -m migration.survey --source /src/demo --before /before

SOURCE is the package's folder in its repository, BEFORE holds the sdist and
the wheel that the old backend made of it. `--patterns`, a list as JSON, asks
which patterns of .gitignore's form fit no file of them.
"""

import argparse
import configparser
import json
import subprocess
import tempfile
from pathlib import Path

from archives import read_distribution, sha256
from migration.setup_version import setup_version
from migration.versions import bumps, literals, mentions, only_versions

# Beside what is installed a wheel may hold files for other folders.
DATA = ".data"


def tracked_files(folder):
    """What git tracks in a folder, with hash and executable bit."""
    listed = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-z", "--stage"],
        stdout=subprocess.PIPE,
        check=True,
    )
    found = []
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        stage, _, path = entry.partition("\t")
        if path and (folder / path).is_file():
            content = (folder / path).read_bytes()
            executable = stage.startswith("100755")
            found.append(
                {
                    "path": path,
                    "sha256": sha256(content),
                    "executable": executable,
                }
            )
    return found


def entry_points(wheel):
    """Entry points by group and name."""
    text = wheel.contents.get(f"{wheel.info}/entry_points.txt", b"")
    parser = configparser.ConfigParser(
        delimiters=("=",), interpolation=None, comment_prefixes=("#",)
    )
    parser.optionxform = str
    parser.read_string(text.decode())
    return {group: dict(parser[group]) for group in parser.sections()}


def body(text):
    """A text without what editors and backends do to its line ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def field_name(name):
    """A field's name, whose case says nothing, as most backends write it."""
    upper = {"url": "URL", "email": "email", "page": "page"}
    first, *others = name.lower().split("-")
    words = [upper.get(word, word.capitalize()) for word in others]
    return "-".join([first.capitalize(), *words])


def metadata_fields(metadata):
    """Values by field name; the description is the field Description."""
    fields = {}
    for name, value in metadata.items():
        fields.setdefault(field_name(name), []).append(str(value))
    body = metadata.get_payload()
    if body and "Description" not in fields:
        fields["Description"] = [body]
    return fields


def wheel_facts(wheel):
    """A wheel's files by what becomes of them, and its metadata."""
    files, data, licences = [], [], []
    for path, content in sorted(wheel.contents.items()):
        top, _, rest = path.partition("/")
        entry = {"path": path, "sha256": sha256(content)}
        if top.endswith(DATA):
            data.append({**entry, "path": rest})
        elif top == wheel.info:
            if rest.startswith("licenses/"):
                licences.append({**entry, "path": rest[len("licenses/") :]})
        else:
            files.append(entry)
    return {
        "files": files,
        "data": data,
        "licences": licences,
        "tag": "-".join(wheel.tags),
        "fields": metadata_fields(wheel.metadata),
        "entryPoints": entry_points(wheel),
    }


def readme(source, paths, description):
    """The tracked file whose text a description is, nearest the top first."""
    if not description.strip():
        return None
    named = [path for path in paths if path.endswith((".md", ".rst", ".txt"))]
    for path in sorted(named, key=lambda path: (path.count("/"), path)):
        text = (source / path).read_text(encoding="utf-8", errors="replace")
        if body(text) == body(description):
            return path
    return None


def idle(patterns, paths):
    """Those of some patterns, as .gitignore has them, that fit no path."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        exclude = Path(folder, ".git", "info", "exclude")
        command = ["git", "-C", folder, "check-ignore", "--no-index", "--stdin"]
        for pattern in patterns:
            exclude.write_text(f"{pattern}\n", encoding="utf-8")
            done = subprocess.run(
                [*command, "-z"],
                input="\0".join(paths).encode("utf-8", "surrogateescape"),
                stdout=subprocess.PIPE,
            )
            if not done.stdout:
                found.append(pattern)
    return found


def survey(source, before, patterns=()):
    distribution = read_distribution(before)
    [sdist], [wheel] = distribution.sdists, distribution.wheels
    version = wheel.path.name.split("-")[1]
    tracked = tracked_files(source)
    paths = [file["path"] for file in tracked]
    built = [*sdist.hashes, *wheel.contents]
    wheel = wheel_facts(wheel)
    [description] = wheel["fields"].get("Description", [""])
    return {
        "version": version,
        "tracked": tracked,
        "wheel": wheel,
        "sdist": [
            {"path": path, "sha256": digest}
            for path, digest in sorted(sdist.unpacked.items())
        ],
        "readme": readme(source, paths, description),
        "literals": literals(source, paths, version),
        "onlyVersions": only_versions(source, paths),
        "setup": setup_version(source, wheel["fields"]["Name"][0]),
        "mentions": mentions(source, paths, version),
        "bumps": bumps(source, paths),
        "idle": idle(patterns, [*paths, *built]),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--patterns", type=json.loads, default=[])
    options = parser.parse_args(arguments)
    found = survey(options.source, options.before, options.patterns)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
