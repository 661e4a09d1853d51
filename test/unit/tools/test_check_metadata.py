"""Metadata that PyPI refuses, and metadata that is close to it."""

import pytest

LONG = "x" * 33
NEW = {"Metadata-Version": "2.4"}

# Check, what the file is made with, what the problem says; None where the
# check must let it pass.
CASES = [
    ("metadata", {"fields": ["Requires-Python: three"]}, "'three' is invalid"),
    ("metadata", {"fields": ["Requires-Python: >=3.9"]}, None),
    ("metadata", {"replace": {"Name": "-demo-"}}, "'-demo-' is invalid"),
    ("metadata", {"fields": ["Keywords: a, b"]}, None),
    ("metadata", {"fields": ["Keywords: a", "Keywords: b"]}, "keywords cannot"),
    ("metadata", {"fields": ["Summary: Twice"]}, None),
    ("metadata-version", {"replace": {"Metadata-Version": "2.0"}}, "'2.0'"),
    ("metadata-version", {"replace": {"Metadata-Version": "2.6"}}, "'2.6'"),
    ("metadata-version", {"replace": {"Metadata-Version": "2.5"}}, None),
    ("local-version", {"version": "1.0+g12"}, "no local versions"),
    ("local-version", {"version": "1.0.post1"}, None),
    ("version-spelling", {"version": "one"}, "'one' is no version"),
    ("version-spelling", {"version": "1.0-rc.1"}, None),
    ("classifiers", {"fields": ["Classifier: Made :: Up"]}, "not a valid"),
    (
        "classifiers",
        {"fields": ["Classifier: Natural Language :: Ukranian"]},
        "deprecated; use Natural Language :: Ukrainian",
    ),
    ("classifiers", {"fields": ["Classifier: Typing :: Typed"]}, None),
    ("dependencies", {"requires": ["a @ https://x.org/a.whl"]}, "no direct"),
    ("dependencies", {"requires": ["a b c"]}, "'a b c' is invalid"),
    ("dependencies", {"requires": ["a>=1; extra == 'b'"]}, None),
    ("dependencies", {"fields": ["Provides-Dist: a b"]}, "is no requirement"),
    ("dependencies", {"fields": ["Obsoletes-Dist: a @ https://x.org"]}, "no"),
    ("dependencies", {"fields": ["Provides-Dist: a (>1)"]}, None),
    (
        "license",
        {"fields": ["License-Expression: MIT"]},
        "introduced in metadata version 2.4",
    ),
    (
        "license",
        {"replace": NEW, "fields": ["License-Expression: MTI"]},
        "'MTI'",
    ),
    (
        "license",
        {"replace": NEW, "fields": ["License-Expression: MIT", "License: MIT"]},
        "License is deprecated",
    ),
    (
        "license",
        {"replace": NEW, "fields": ["License-Expression: mit OR Apache-2.0"]},
        None,
    ),
    ("license", {"fields": ["License: Do what you like"]}, None),
    ("license", {"fields": ["License-File: COPYING"]}, None),
    (
        "license-files",
        {"replace": NEW, "fields": ["License-File: COPYING"]},
        "License-File COPYING does not exist",
    ),
    ("license-files", {"fields": ["License-File: COPYING"]}, None),
    ("summary", {"replace": {"Summary": "x" * 513}}, "has 513 characters"),
    ("summary", {"replace": {"Summary": "x" * 512}}, None),
    ("summary", {"replace": {"Summary": None}}, None),
    ("urls", {"fields": [f"Project-URL: {LONG}, https://x.org"]}, "longer"),
    ("urls", {"fields": [f"Project-URL: {LONG[1:]}, https://x.org"]}, None),
    ("urls", {"fields": ["Project-URL: Home"]}, "is not LABEL, URL"),
    ("urls", {"fields": ["Project-URL: Home, x.org"]}, "no valid URL"),
    ("urls", {"fields": ["Home-page: x.org"]}, "Home-page 'x.org'"),
    ("urls", {"fields": ["Home-page: http://x.org/a?b#c"]}, None),
    ("urls", {"fields": ["Home-page: http://[x"]}, "no valid URL"),
    ("contacts", {"fields": ["Author-email: a at x.org"]}, "no valid e-mail"),
    ("contacts", {"fields": ["Author-email: Å <a@x.org>, b"]}, None),
    ("contacts", {"fields": ["Author-email: "]}, None),
    ("description", {"replace": {"Description-Content-Type": None}}, None),
    (
        "description",
        {
            "replace": {"Description-Content-Type": None},
            "description": "Demo\n===\n\n.. no:: such\n",
        },
        "does not render as text/x-rst, which no content type means",
    ),
    (
        "description",
        {
            "replace": {"Description-Content-Type": "text/x-rst"},
            "description": "Démo\n====\n\n* one\n* two\n",
        },
        None,
    ),
    ("description", {"description": " \n\n"}, "it is empty"),
    ("description", {"description": ""}, None),
    (
        "twine",
        {
            "replace": {"Description-Content-Type": "text/x-rst"},
            "description": "Demo\n===\n\n.. no:: such\n",
        },
        "syntax errors in markup",
    ),
    ("twine", {"replace": {"Description-Content-Type": None}}, None),
    ("twine", {"description": ""}, None),
    (
        "description",
        {
            "replace": {"Description-Content-Type": "text/plain"},
            "description": ".. code::\n\n*x",
        },
        None,
    ),
]


@pytest.mark.parametrize("kind", ["sdist", "wheel"])
@pytest.mark.parametrize(("check", "named", "reason"), CASES)
def test_metadata(findings, make_sdist, make_wheel, check, named, reason, kind):
    make = make_sdist if kind == "sdist" else make_wheel
    path = make(**named)
    problems, _ = findings(check)
    if reason is None:
        assert problems == []
    else:
        assert problems
        assert all(it.startswith(path.name) for it in problems)
        assert any(reason in it for it in problems)


def test_license_files_are_where_pypi_looks(findings, make_sdist, make_wheel):
    named = {"replace": NEW, "fields": ["License-File: LICENSE"]}
    make_sdist({"LICENSE": ""}, **named)
    info = {"demo-1.0.dist-info/licenses/LICENSE": ""}
    make_wheel(info=info, **named)
    assert findings("license-files") == ([], [])
    make_wheel(info={"demo-1.0.dist-info/LICENSE": ""}, **named)
    [problem] = findings("license-files")[0]
    assert "demo-1.0.dist-info/licenses/LICENSE" in problem


def test_a_license_spelled_another_way_is_a_note(findings, make_sdist):
    fields = ["License-Expression: mit"]
    fields += ["Classifier: License :: OSI Approved :: MIT License"]
    make_sdist(replace=NEW, fields=fields)
    problems, notes = findings("license")
    assert problems == []
    assert "beside a License-Expression" in notes[0]
    assert "mit is spelled MIT on PyPI" in notes[1]


def test_a_version_spelled_another_way_is_a_note(findings, make_sdist):
    make_sdist(version="1.0-rc.1")
    problems, [note] = findings("version-spelling")
    assert problems == []
    assert "1.0-rc.1 is spelled 1.0rc1" in note


def test_what_only_twines_strictness_refuses_is_a_note(findings, make_sdist):
    make_sdist(replace={"Description-Content-Type": None}, description="")
    [note] = findings("twine")[1]
    assert "`long_description_content_type` missing" in note
    assert "`long_description` missing" in note
