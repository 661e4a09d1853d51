"""Proves that an index serves what was built, and that it installs.

    python confirm.py --simple https://pypi.org/simple/ --python 3.11 \\
        --name demo --version 1.0 --file demo-1.0.tar.gz=SHA256 …

Every file is downloaded and its sha256 compared. Then the version is
installed from that index alone, without dependencies, and what it depends on
from PyPI alone: whoever owns a name on another index gets nothing in.

Prints {"files", "problems", "imported", "versions", "commands"}; exit code 1
where there are problems.
"""

import argparse
import json
import sys
import tempfile
import time
import zipfile
from email.parser import BytesParser
from pathlib import Path

from environment import InstallError, clean_environment
from index import Credentials, Index, IndexProblemError
from install import try_environment

# An index behind a cache shows a new file late (PyPI's: some seconds).
PATIENCE_SECONDS = 60
DOWNLOADS = Path(tempfile.gettempdir()) / "pypi-deploy-confirm"


def wait_for(index, project, names, patience):
    """The listed files, once all are listed, or what is after that time."""
    deadline = time.monotonic() + patience
    pause = 0.1
    while True:
        listed = index.files(project)
        if names <= listed.keys() or time.monotonic() + pause > deadline:
            return listed
        time.sleep(pause)
        pause = min(2 * pause, 5)


def compare(index, project, expected):
    """Problems with what the index serves; files that are as expected."""
    listed = wait_for(index, project, expected.keys(), PATIENCE_SECONDS)
    problems, files = [], []
    for name, digest in expected.items():
        if name not in listed:
            problems.append(f"the index does not list {name}")
            continue
        target = DOWNLOADS / name
        found = index.download(listed[name], target)
        if found != digest:
            problems.append(
                f"the index serves {name} with sha256 {found}, not {digest}"
            )
        files.append({"name": name, "url": listed[name].url, "sha256": found})
    return problems, files


def requirements(wheel):
    """What a wheel depends on, as it says itself."""
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [
            name
            for name in archive.namelist()
            if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
        ]
        message = BytesParser().parsebytes(archive.read(metadata))
    return message.get_all("Requires-Dist") or []


def install_published(environment, options, index):
    """Installs the exact version, its dependencies apart from it."""
    if index.wants_credentials:
        # uv reads them by the index's name; arguments are for all to see.
        environment.variables.update(
            UV_INDEX_PUBLISHED_USERNAME=index.credentials.username,
            UV_INDEX_PUBLISHED_PASSWORD=index.credentials.password,
        )
    wheels = sorted(DOWNLOADS.glob("*.whl"))
    if not wheels:
        # Its build requirements must come from PyPI: so the file, not a name.
        environment.install(str(next(DOWNLOADS.glob("*.tar.gz"))))
        return
    environment.install(
        *["--no-deps", "--only-binary", ":all:", "--prerelease", "allow"],
        *["--default-index", f"published={index.simple}"],
        *["--refresh-package", options.name],
        f"{options.name}=={options.version}",
    )
    needed = requirements(wheels[0])
    if needed:
        environment.install(*needed)


def confirm(options):
    """Everything, as one object."""
    index = Index(options.simple, Credentials.of_environment())
    expected = dict(file.rsplit("=", 1) for file in options.file)
    try:
        problems, files = compare(index, options.name, expected)
    except IndexProblemError as error:
        return {"files": [], "problems": [str(error)]}
    if problems:
        return {"files": files, "problems": problems}
    with clean_environment(options.python) as environment:
        try:
            install_published(environment, options, index)
        except InstallError:
            problem = f"uv could not install {options.name} from the index"
            return {"files": files, "problems": [problem]}
        return {"files": files, **try_environment(environment, options.name)}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simple", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--file", action="append", default=[])
    DOWNLOADS.mkdir(exist_ok=True)
    report = confirm(parser.parse_args(arguments))
    print(json.dumps(report))
    sys.exit(1 if report["problems"] else 0)


if __name__ == "__main__":
    main()
