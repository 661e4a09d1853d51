"""origins.py: where credentials may go, and which redirects are followed."""

import pytest

from origins import (
    DOWNGRADE,
    FOLLOW,
    NOWHERE,
    downgrades,
    origin,
    redirect,
    shown,
    trusted,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://X.y/a", ("https", "x.y", 443)),
        ("http://x:80/", ("http", "x", 80)),
        ("https://x:8443", ("https", "x", 8443)),
        ("file:///etc/passwd", None),
        ("/simple/", None),
        ("http://x:many/", None),
        ("http://[", None),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, expected):
    assert origin(url) == expected


@pytest.mark.parametrize(
    ("own", "url", "expected"),
    [
        ("https://x/simple/", "https://x:443/f", True),
        ("http://x/", "https://x/", True),
        ("http://x:8080/", "https://x:8443/", True),
        ("https://x/", "http://x/", False),
        # The same text between the slashes, and in plain.
        ("https://x:9130/", "http://x:9130/", False),
        ("https://x/", "https://x:8443/", False),
        ("https://x/", "https://y/", False),
        ("https://x/", "ftp://x/", False),
    ],
)
def test_credentials_stay_at_their_place(own, url, expected):
    assert trusted(own, url) is expected


def test_what_leads_to_plain_http_is_known():
    assert downgrades("https://x/", "http://y/")
    assert not downgrades("http://x/", "http://y/")
    assert not downgrades("https://x/", "data:,")


@pytest.mark.parametrize(
    ("source", "target", "page", "file"),
    [
        ("https://x/a", "https://x/b", FOLLOW, FOLLOW),
        ("http://x/a", "https://x/a", FOLLOW, FOLLOW),
        ("https://x/a", "https://y/a", NOWHERE, FOLLOW),
        ("http://x/a", "http://y/a", NOWHERE, FOLLOW),
        ("https://x:1/a", "http://x:1/a", DOWNGRADE, DOWNGRADE),
        ("https://x/a", "http://y/a", NOWHERE, DOWNGRADE),
        ("http://x/a", "ftp://y/a", NOWHERE, NOWHERE),
    ],
)
def test_redirects_of_pages_stay_and_files_may_be_elsewhere(
    source, target, page, file
):
    assert redirect(source, target, elsewhere=False) == page
    assert redirect(source, target, elsewhere=True) == file


def test_what_is_shown_of_a_url_has_no_signature():
    assert shown("https://x/f?X-Signature=abc#y") == "https://x/f"
