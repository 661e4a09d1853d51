"""Where credentials may go, and which redirects are followed: decisions only.

Standard library only.
"""

import re
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}

# What to do with a redirect.
FOLLOW = "follow"
NOWHERE = "nowhere"  # as if nothing were there
DOWNGRADE = "downgrade"  # refused: others could read along


def origin(url):
    """Scheme, host and port; None where it is no http or https URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port


def shown(url):
    """A URL without its query, which may be as good as a password."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def trusted(own, url):
    """Whether credentials for the URL `own` may go to another, too.

    To the same scheme, host and port, or to https in place of plain http.
    """
    one, other = origin(own), origin(url)
    if one is None or other is None:
        return False
    upgrade = (one[0], other[0]) == ("http", "https") and one[1] == other[1]
    return one == other or upgrade


def downgrades(own, url):
    """Whether one leads from https to plain http."""
    one, other = origin(own), origin(url)
    if one is None or other is None:
        return False
    return (one[0], other[0]) == ("https", "http")


def redirect(source, target, elsewhere):
    """What to do with a redirect; `elsewhere`: it may lead to another host."""
    there = origin(target)
    if there is None:
        return NOWHERE
    if downgrades(source, target):
        same = origin(source)[1] == there[1]
        return DOWNGRADE if elsewhere or same else NOWHERE
    return FOLLOW if elsewhere or trusted(source, target) else NOWHERE
