"""setup.cfg and setup.py: what they say, and how the version is taken out."""

import pytest

from migration.edit import edit_texts
from migration.setup_version import setup_version
from migration.text import encoding_of, read
from setup_files import said


def edited(folder, file, found):
    edits = [it for it in found["edits"] if it["path"] == file]
    text = edit_texts(read(folder / file), edits)
    return text.encode(encoding_of(folder / file)).decode()


@pytest.fixture
def without(tmp_path):
    """A file without the version, and what else was found."""

    def take(text, name="demo", file="setup.py", **files):
        for path, content in {file: text, **files}.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(content.encode())
        found = setup_version(tmp_path, name)
        return edited(tmp_path, file, found), found

    return take


def names(places):
    return [(it["line"], it["name"]) for it in places]


@pytest.mark.parametrize(
    ("config", "script", "told"),
    [
        (None, None, ([], None, [], False)),
        (
            "[metadata]\nname = demo\n[options]\ninstall_requires =\n  a\n"
            "[options.extras_require]\ntest = pytest\n",
            "from setuptools import setup\nsetup()\n",
            (["setup.cfg", "setup.py"], "demo", ["test"], True),
        ),
        (
            None,
            "NAME = 'demo'\nsetuptools.setup(name=NAME, install_requires=[],\n"
            "  extras_require={'test': [], other: []})",
            (["setup.py"], "demo", ["test"], False),
        ),
        (None, "setup(**told)", (["setup.py"], None, [], True)),
        (None, "setup(name=a.b)", (["setup.py"], None, [], False)),
        ("name = demo", "setup(", (["setup.cfg", "setup.py"], None, [], False)),
    ],
)
def test_name_extras_and_dependencies_are_told(config, script, told):
    keys = ("files", "name", "extras", "dependent")
    assert said(config, script) == dict(zip(keys, told))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[metadata]\nname = a\nversion = 1\n", "[metadata]\nname = a\n"),
        (
            "# A\r\n[metadata]\r\nversion: attr: a.b\r\n# B\r\nname = a\r\n",
            "# A\r\n[metadata]\r\n# B\r\nname = a\r\n",
        ),
        (
            "[metadata]\nversion =\n    file: VERSION\n\n[a]\nversion = 2\n",
            "[metadata]\n\n[a]\nversion = 2\n",
        ),
        ("[a]\nversion = 1\n", "[a]\nversion = 1\n"),
        ("version = 1\n", "version = 1\n"),
        ("", ""),
    ],
)
def test_the_version_goes_from_setup_cfg_and_nothing_else(
    without, before, after
):
    text, found = without(before, file="setup.cfg")
    assert text == after
    assert bool(found["stated"]) is (before != after)


def test_files_that_setup_cfg_reads_are_told(without):
    _, found = without("[metadata]\nversion = file: V\n", file="setup.cfg")
    assert found["files"] == ["V"]
    assert found["taken"] == [{"path": "setup.cfg", "line": 2}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A keyword on a line of its own, first, last, with a comment.
        ('setup(\n    a=1,\n    version="1",\n)', "setup(\n    a=1,\n)"),
        (
            'setup(\n    version="1",  # by hand\n    # b\n    b=1,\n)',
            "setup(\n    # b\n    b=1,\n)",
        ),
        ('setup(\n    a=1,\n    version=(\n  "1"))', "setup(\n    a=1)"),
        # One beside others.
        ('setup(a=1, version="1")', "setup(a=1)"),
        ('setup(version="1", a=1)', "setup(a=1)"),
        ('setup(version="1")', "setup()"),
        (
            'setup(a=1,  # a\n      version="1")',
            "setup(a=1,  # a\n      )",
        ),
        # Other line ends, letters, a byte order mark.
        ('x = "ä\f"\r\nsetup(n="é", version="1")', 'x = "ä\f"\r\nsetup(n="é")'),
        ('\ufeffsetup(a=1, version="1")', "\ufeffsetup(a=1)"),
        # In a block, and not the setup of anybody else.
        ('if main:\n    setup(\n        version="1",\n    )', None),
        ('other(version="1")', 'other(version="1")'),
        ("setup(", "setup("),
    ],
)
def test_the_keyword_goes_from_setup_py_and_nothing_else(
    without, before, after
):
    expected = "if main:\n    setup(\n    )" if after is None else after
    assert without(before)[0] == expected


@pytest.mark.parametrize(
    ("used", "needed"),
    [
        ("demo.__version__", "import demo\n"),
        ("v", "from demo import __version__ as v\n"),
        ("V", "V = '1'\n"),
        ("V", "V: str = '1'\n"),
        (
            "V",
            "import re\n\n"
            "with open('x') as f:\n    V = re.search('v', f.read())\n",
        ),
        ("V()", "import os\n\n\n# It.\n@os.a\ndef V():\n    return os.V\n"),
        ("a['v']", "a = {}\nwith open('x') as f:\n    exec(f.read(), a)\n"),
        ("__version__", "# Defines it\nexec(open('demo.py').read())\n"),
        (
            "__version__",
            "import os\nwith open(os.path.join('x', 'y.py')) as f:\n"
            "    exec(f.read())\n",
        ),
    ],
)
def test_what_only_the_version_needed_goes_too(without, used, needed):
    head = "# A licence\nfrom setuptools import setup\n\n"
    tail = "x = 1\nsetup(\n    a=x,\n"
    text, found = without(
        f"{head}{needed}\n{tail}    version={used},\n)\n",
        **{"demo.py": "__version__ = '1'\n", "x/y.py": "__version__ = '1'\n"},
    )
    assert text == f"{head}{tail})\n"
    assert found["left"] == found["beside"] == found["executed"] == []


def test_what_something_else_needs_stays(without):
    script = """\
import re, os
import demo
from . import x
try:
    from a import b
except ImportError:
    from demo import b

def read(name):
    return open(name).read()

V = find(read("x"))
about = {}
with open(join(here, "demo.py"), "r") as f:
    exec(f.read(), about)
setup(
    url=V,
    author=about["author"],
    description=read("y"),
    version=V,
)
"""
    text, found = without(script, **{"demo.py": "", "x": ""})
    assert text == script.replace("    version=V,\n", "")
    assert names(found["beside"]) == [(2, "demo")]
    assert names(found["executed"]) == [(14, "demo.py")]


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("try:\n    import a\nexcept E:\n    a = 1\nsetup(version=a)", [2, 4]),
        ("if x:\n    def a(): pass\nsetup(version=a())", [2]),
        ("x = 1; a = 2\nsetup(version=a)", [1]),
        ("def f():\n    a = 1\nsetup(version=a)", []),
        ("class A:\n    a = 1\na, b = 1, 2\nsetup(version=a)", [3]),
    ],
)
def test_what_cannot_be_taken_out_is_told(without, script, left):
    _, found = without(script)
    assert [it["line"] for it in found["left"]] == left


def test_a_folder_that_is_searched_by_hand_is_let_be(without):
    script = "import sys\nsys.path.insert(0, '.')\nimport demo\nsetup(a=demo.a)"
    _, found = without(script, **{"demo/__init__.py": ""})
    assert found["beside"] == []


def test_a_computed_name_is_written(without):
    script = "import demo\nsetup(name=demo.title, version=demo.__version__)\n"
    text, found = without(script, name="De.mo", **{"demo.py": ""})
    assert text == "setup(name='De.mo')\n"
    assert found["beside"] == []
    quoted = without('setup(name=a("x"), version="1")')[0]
    assert quoted == 'setup(name="demo")'
    alone = "setup(name=a)"
    assert without(alone)[0] == alone


def test_a_file_in_another_encoding_has_nothing_to_take(tmp_path):
    (tmp_path / "setup.py").write_bytes(b"# \xe4\nsetup(version='1')")
    assert setup_version(tmp_path, "demo")["stated"] == []
