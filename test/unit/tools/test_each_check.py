"""The table of checks, row by row: one fault it finds, one near miss it passes.

The other files look closer at single checks; this one proves that no check is
without both.
"""

import platform
from argparse import Namespace

import pytest
from test_check_contents import KEY
from test_check_files import WHEEL, add_to_zip, compiled  # noqa: F401

from checks import CHECKS, files

NEW = {"Metadata-Version": "2.4"}
LICENSED = {"replace": NEW, "fields": ["License-File: LICENSE"]}
INFO = "demo-1.0.dist-info"


def of_metadata(**named):
    """An sdist and a wheel with these fields."""

    def make(made):
        made.sdist(**named)
        made.wheel(**named)

    return make


def of_classifier(name):
    return of_metadata(fields=[f"Classifier: {name}"])


def of_wheel(*arguments, **named):
    return lambda made: made.wheel(*arguments, **named)


def of_sdist(*arguments, **named):
    return lambda made: made.sdist(*arguments, **named)


def recorded(digest):
    def make(made):
        path = made.sdist()
        path.with_name("pypi-deploy.json").write_text(
            f'{{"files": [{{"name": "{path.name}", "sha256": {digest}}}]}}'
        )

    return make


def limited(less):
    """A wheel that is as large as the limit, or larger by so much."""

    def make(made):
        size = made.wheel().stat().st_size
        made.patch.setattr(files, "LARGEST_FILE", size - less)

    return make


def with_member(name):
    return lambda made: add_to_zip(made.wheel(), name)


def without_record(made):
    made.wheel(info={f"{INFO}/RECORD.jws": ""})
    add_to_zip(made.dist / WHEEL, "demo/added.py")


def from_git(*packed):
    def make(made):
        tracked = {"demo/__init__.py": "", "demo/a.py": "", "docs/a.md": ""}
        made.repository.commit(tracked)
        made.sdist({path: "" for path in tracked if path in packed})
        made.wheel()

    return make


def from_sdist(*installed):
    def make(made):
        made.sdist({"src/demo/__init__.py": "", "src/demo/a.py": ""})
        made.wheel(dict.fromkeys(installed, ""))

    return make


def of_library(glibc):
    def make(made):
        tags = f"cp311-cp311-manylinux_{glibc}_{platform.machine()}"
        made.wheel({"demo/math.so": made.library}, tags=tags)

    return make


# Check: what it must refuse, and what is close to that and must pass.
PAIRS = {
    "complete": (lambda made: None, of_sdist()),
    "recorded": (recorded('"00"'), of_sdist()),
    "sizes": (limited(1), limited(0)),
    "archive": (with_member("../a.py"), with_member("demo/..a.py")),
    "names": (of_sdist(file="demo-2.0.tar.gz"), of_sdist()),
    "reserved-name": (
        of_metadata(replace={"Name": "asyncio"}),
        of_metadata(replace={"Name": "asyncio-more"}),
    ),
    "platform-tags": (
        of_wheel(tags="cp311-cp311-macosx_11_0_arm64e"),
        of_wheel(tags="cp311-cp311-macosx_11_0_arm64"),
    ),
    "tags": (
        of_wheel(file="demo-1.0-py2-none-any.whl"),
        of_wheel(tags="py2.py3-none-any"),
    ),
    "metadata": (
        of_metadata(fields=["Keywords: a", "Keywords: b"]),
        of_metadata(fields=["Keywords: a, b"]),
    ),
    "metadata-version": (
        of_metadata(replace={"Metadata-Version": "2.6"}),
        of_metadata(replace={"Metadata-Version": "2.5"}),
    ),
    "local-version": (
        of_metadata(version="1.0+g12"),
        of_metadata(version="1.0.dev12"),
    ),
    "version-spelling": (
        of_metadata(replace={"Version": "1.0-x"}),
        of_metadata(replace={"Version": "1.0-rc.1"}),
    ),
    "classifiers": (
        of_classifier("Typing :: Type"),
        of_classifier("Typing :: Typed"),
    ),
    "dependencies": (
        of_metadata(requires=["a @ https://x.org/a.whl"]),
        of_metadata(requires=["a>=1; extra == 'https'"]),
    ),
    "license": (
        of_metadata(replace=NEW, fields=["License-Expression: MIT AND"]),
        of_metadata(replace=NEW, fields=["License-Expression: mit"]),
    ),
    "license-files": (
        of_wheel(info={f"{INFO}/LICENSE": ""}, **LICENSED),
        of_wheel(info={f"{INFO}/licenses/LICENSE": ""}, **LICENSED),
    ),
    "summary": (
        of_metadata(replace={"Summary": "x" * 513}),
        of_metadata(replace={"Summary": "x" * 512}),
    ),
    "urls": (
        of_metadata(fields=[f"Project-URL: {'x' * 33}, https://x.org"]),
        of_metadata(fields=[f"Project-URL: {'x' * 32}, https://x.org"]),
    ),
    "contacts": (
        of_metadata(fields=["Author-email: a at x.org"]),
        of_metadata(fields=["Author-email: a <a@x.org>"]),
    ),
    "description": (
        of_metadata(description=" \n"),
        of_metadata(description=""),
    ),
    "twine": (
        of_metadata(
            replace={"Description-Content-Type": None},
            description="A\n=\n\n.. no:: such\n",
        ),
        of_metadata(replace={"Description-Content-Type": None}),
    ),
    "record": (
        without_record,
        of_wheel(info={f"{INFO}/licenses/LICENSE": ""}),
    ),
    "entry-points": (
        of_wheel(info={f"{INFO}/entry_points.txt": "[a]\nb = c d\n"}),
        of_wheel(info={f"{INFO}/entry_points.txt": "[a]\nb = c:d\n"}),
    ),
    "contents": (
        of_wheel({"demo/__init__.py": "", "tests/__init__.py": "#"}),
        of_wheel({"demo/__init__.py": "", "demo/tests/__init__.py": "#"}),
    ),
    "sdist": (
        from_git("demo/__init__.py", "docs/a.md"),
        from_git("demo/__init__.py", "demo/a.py"),
    ),
    "wheel": (
        from_sdist("demo/__init__.py"),
        from_sdist("demo/__init__.py", "demo/a.py"),
    ),
    "secrets": (
        of_sdist({"demo/server.pem": KEY}),
        of_sdist({"demo/server.pem": KEY.replace("PRIVATE", "PUBLIC")}),
    ),
    "leftovers": (
        of_sdist({"demo/__pycache__/a.pyc": ""}),
        of_sdist({"demo/pycache.py": ""}),
    ),
    "obfuscated": (
        of_wheel({"a.py": "from pyarmor_runtime_0 import __pyarmor__\n"}),
        of_wheel({"a.py": "import pyarmor\n"}),
    ),
    "auditwheel": (of_library("2_5"), of_library("2_39")),
}


def test_no_check_is_without_a_fault_and_a_near_miss():
    assert list(PAIRS) == [check.id for check in CHECKS]


@pytest.fixture
def made(
    make_sdist,
    make_wheel,
    repository,
    tmp_path,
    monkeypatch,
    compiled,  # noqa: F811
):
    (tmp_path / "dist").mkdir(exist_ok=True)
    return Namespace(
        sdist=make_sdist,
        wheel=make_wheel,
        repository=repository,
        dist=tmp_path / "dist",
        patch=monkeypatch,
        library=compiled,
    )


@pytest.mark.parametrize("check", PAIRS)
def test_the_fault_is_found(findings, made, check):
    PAIRS[check][0](made)
    tracked = made.repository.root if check == "sdist" else None
    problems, _ = findings(check, tracked)
    assert problems


@pytest.mark.parametrize("check", PAIRS)
def test_the_near_miss_passes(findings, made, check):
    PAIRS[check][1](made)
    tracked = made.repository.root if check == "sdist" else None
    problems, _ = findings(check, tracked)
    assert problems == []
