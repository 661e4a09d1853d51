"""layout.py: where a tree keeps what a wheel installs."""

import pytest

from layout import installed_as, installed_paths, source_tops


def test_metadata_and_folders_are_not_installed_among_the_modules():
    members = ["demo/", "demo/a.py", "demo-1.0.dist-info/METADATA"]
    data = ["demo-1.0.data/purelib/c.py", "demo-1.0.data/scripts/x"]
    assert installed_paths([*members, *data]) == {"demo/a.py", "c.py"}


@pytest.mark.parametrize(
    ("installed", "files", "tops"),
    [
        (["demo/a.py"], ["demo/a.py"], {("", "demo")}),
        (["demo.py"], ["lib/demo.py"], {("lib", "demo.py")}),
        (["ns/demo/a.py"], ["a/b/ns/demo/a.py"], {("a/b", "ns")}),
        (["demo/a.py"], ["tests/demo/a.py"], set()),
        (["demo/a.py"], ["x/demo/b.py"], set()),
        # Of two roots the one that has more counts, then the upper one.
        (
            ["demo/a.py", "demo/b.py"],
            ["demo/a.py", "lib/demo/a.py", "lib/demo/b.py"],
            {("lib", "demo")},
        ),
        (
            ["demo.py"],
            ["docs/x/demo.py", "docs/demo.py"],
            {("docs", "demo.py")},
        ),
        (["demo.py"], ["old/demo.py", "src/demo.py"], {("src", "demo.py")}),
        # A namespace package may have several.
        (
            ["ns/a/x.py", "ns/b/x.py"],
            ["one/ns/a/x.py", "two/ns/b/x.py"],
            {("one", "ns"), ("two", "ns")},
        ),
    ],
)
def test_roots_are_told_by_the_files_that_are_installed(installed, files, tops):
    assert source_tops(set(installed), files) == tops


def test_a_file_under_a_root_is_installed_below_it():
    tops = {("src", "demo"), ("", "one.py")}
    assert installed_as("src/demo/a.py", tops) == "demo/a.py"
    assert installed_as("one.py", tops) == "one.py"
    assert installed_as("src/demos/a.py", tops) is None
    assert installed_as("demo/a.py", tops) is None
