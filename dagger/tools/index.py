"""The read side of a package index: PEP 691 JSON first, PEP 503 HTML else.

Standard library only.
"""

import base64
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from origins import (
    DOWNGRADE,
    FOLLOW,
    downgrades,
    origin,
    redirect,
    shown,
    trusted,
)

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
HTML_TYPE = "application/vnd.pypi.simple.v1+html"
ACCEPT = f"{JSON_TYPE}, {HTML_TYPE};q=0.2, text/html;q=0.1"
TIMEOUT_SECONDS = 20
# An answer that drips for longer than this has no end.
PAGE_SECONDS = 60
DOWNLOAD_SECONDS = 600
# No page or file of an honest index is larger; a hostile one must not fill
# the memory.
LARGEST_PAGE = 64 * 1024 * 1024
LARGEST_FILE = 4 * 1024**3
CHUNK = 1024 * 1024


class IndexProblemError(Exception):
    """An index that does not answer as one, with the sentence that says how.

    It is its own fault, as faults.py reads one.
    """

    def __init__(self, message, status=None, kind="unfit", retry_after=""):
        super().__init__(message)
        self.status, self.kind = status, kind
        self.retry_after = retry_after
        self.reason = message
        self.fault = self


class DowngradeError(IndexProblemError):
    """An https URL that leads to plain http; names no more than the host."""

    def __init__(self, url):
        host = urlsplit(url).netloc
        super().__init__(
            f"The server leads from https to plain http at {host}, where"
            " everybody could read along: nothing was sent there. Pass the"
            " https URL that is meant, or have that server name https URLs."
        )


# Places that gave an answer to this process, whatever it was.
_answered = set()


def has_answered(url):
    """Notes that somebody is there; when they are gone, they come back."""
    _answered.add(origin(url))


def kind_of(error, url=""):
    """How there came to be no answer: faults.py has the kinds."""
    kind = kind_of_error(error)
    known = kind == "unreachable" and origin(url) in _answered
    return "gone" if known else kind


def kind_of_error(error):
    """The same by the error alone."""
    seen, asked = [], [error]
    while asked:
        it = asked.pop()
        if not isinstance(it, BaseException) or it in seen:
            continue
        seen.append(it)
        # Libraries wrap what happened, each in its own way.
        asked += [getattr(it, "reason", None), *it.args]
        asked += [it.__cause__, it.__context__]
    kinds = (
        ("certificate", (ssl.SSLCertVerificationError,)),
        ("unreachable", (ConnectionRefusedError, socket.gaierror)),
        ("timeout", (TimeoutError, socket.timeout)),
        ("truncated", (http.client.IncompleteRead,)),
    )
    for kind, types in kinds:
        if any(isinstance(it, types) for it in seen):
            return kind
    return "closed"


def trust():
    """Trusts the CAs of PYPI_DEPLOY_CERTIFICATE beside those of the system.

    In one file, by the variables that Python, requests and uv read.
    """
    added = os.environ.get("PYPI_DEPLOY_CERTIFICATE")
    if not added:
        return
    known = os.environ.get("SSL_CERT_FILE")
    known = known or ssl.get_default_verify_paths().cafile
    files = [it for it in (known, added) if it and Path(it).exists()]
    texts = [Path(it).read_text(encoding="utf-8") for it in files]
    descriptor, name = tempfile.mkstemp(suffix=".pem")
    with os.fdopen(descriptor, "w", encoding="utf-8") as bundle:
        bundle.write("\n".join(texts))
    os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = name


def read_limited(response, limit, seconds, chunk=CHUNK):
    """The body in pieces; an answer without end raises IndexProblemError."""
    end, size = time.monotonic() + seconds, 0
    url = shown(response.geturl())
    try:
        while piece := response.read1(chunk):
            size += len(piece)
            if size > limit:
                raise IndexProblemError(f"{url} is larger than it may be.")
            if time.monotonic() > end:
                raise IndexProblemError(
                    f"{url} did not end in {seconds:.0f} s.", kind="timeout"
                )
            yield piece
    except (OSError, http.client.HTTPException) as error:
        raise IndexProblemError(
            f"{url} breaks off: {error}.", kind=kind_of(error)
        ) from None
    if response.length:  # what was announced did not come
        raise IndexProblemError(f"{url} breaks off.", kind="truncated")


@dataclass(frozen=True)
class IndexFile:
    """A file as the index lists it; `sha256` where it says one."""

    name: str
    url: str
    sha256: "str | None"
    yanked: bool = False
    size: "int | None" = None
    # Why it was yanked; empty where nobody says so.
    why: str = ""
    # When it was uploaded, by ISO 8601; empty where nobody says so (PEP 700).
    uploaded: str = ""


@dataclass(frozen=True)
class Listing:
    """What an index says of a project."""

    files: dict = field(default_factory=dict)
    # active, archived, deprecated or quarantined (PEP 792).
    status: str = "active"
    why: str = ""
    # Which state of the index this is, and how old; where it says so.
    serial: str = ""
    age: str = ""


@dataclass(frozen=True)
class Credentials:
    """Who asks; sent to the index's own place only, and when it wants it."""

    username: str = ""
    password: str = ""

    @classmethod
    def of_environment(cls):
        """From INDEX_USERNAME and INDEX_PASSWORD; never from arguments."""
        password = os.environ.get("INDEX_PASSWORD", "").strip()
        username = os.environ.get("INDEX_USERNAME", "")
        return cls(username if password else "", password)

    def header(self):
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


# What to do about an index that cannot be reached.
CHECK_URL = (
    "Check the URL; a server on the calling machine is passed with"
    " --index-service."
)
UNREACHED = {
    "certificate": "Pass the certificate of its CA with --certificate=FILE;"
    " else somebody may be in between.",
    "gone": "It answered before: run the same call again once it is up.",
}


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects as origins.py decides, and takes no credentials along.

    pypiserver sends whoever asks for a project it has not to pypi.org, whose
    answer would be taken for its own. Files may lie on another host.
    """

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        elsewhere = getattr(req, "elsewhere", False)
        to_do = redirect(req.full_url, newurl, elsewhere)
        if to_do == DOWNGRADE:
            fp.close()
            raise DowngradeError(newurl)
        if to_do != FOLLOW:
            where = f"sends elsewhere: {shown(newurl)}"
            raise urllib.error.HTTPError(req.full_url, 404, where, headers, fp)
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        made.elsewhere = elsewhere
        if not trusted(req.full_url, newurl):
            made.remove_header("Authorization")
        return made


class Index:
    """One index, by the URL of its simple API."""

    def __init__(self, simple, credentials=None):
        self.simple = simple.rstrip("/") + "/"
        self.credentials = credentials or Credentials()
        self.wants_credentials = False
        handlers = [Redirects]
        if self.simple.startswith("https:"):
            # Else each request would read all the CAs that are trusted.
            context = ssl.create_default_context()
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def _request(self, url, accept):
        if origin(url) is None:
            raise IndexProblemError(
                f"The index leads to {shown(url)}, which is no http or https"
                " URL."
            )
        if downgrades(self.simple, url):
            raise DowngradeError(url)
        request = urllib.request.Request(url, headers={"Accept": accept})
        if trusted(self.simple, url) and self.wants_credentials:
            request.add_header("Authorization", self.credentials.header())
        return request

    def open(self, url, accept="*/*", elsewhere=False):
        """The response; None where the index has nothing there.

        `elsewhere` follows redirects to other hosts, without credentials.
        """
        try:
            request = self._request(url, accept)
            request.elsewhere = elsewhere
            response = self._opener.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            has_answered(url)
            if error.code in (404, 410):
                return None
            asked = request.has_header("Authorization")
            may_ask = not asked and trusted(self.simple, url)
            if error.code == 401 and self.credentials.password and may_ask:
                self.wants_credentials = True
                return self.open(url, accept, elsewhere)
            advice = " Check --token, and --username where it wants one."
            raise IndexProblemError(
                f"The index answers {error.code} ({error.reason}) to"
                f" {shown(url)}."
                + (advice if error.code in (401, 403) else ""),
                error.code,
                "",
                error.headers.get("Retry-After", ""),
            ) from None
        except (OSError, http.client.HTTPException) as error:
            kind, reason = kind_of(error, url), getattr(error, "reason", error)
            raise IndexProblemError(
                f"The index cannot be reached at {shown(url)}: {reason}."
                f" {UNREACHED.get(kind, CHECK_URL)}",
                kind=kind,
            ) from None
        except ValueError:  # what is in it cannot be sent
            raise IndexProblemError(
                f"The index leads to {shown(url)!a}, which is no URL."
            ) from None
        has_answered(url)
        return response

    def files(self, project, seconds=PAGE_SECONDS):
        """Files of a project by name; none where the index has no such."""
        return self.listing(project, seconds).files

    def listing(self, project, seconds=PAGE_SECONDS):
        """What the index says of a project; empty where it has no such.

        The page is read for no longer than `seconds`.
        """
        url = urljoin(self.simple, f"{normalised(project)}/")
        response = self.open(url, ACCEPT)
        if response is None:
            return Listing()
        with response:
            longest = min(seconds, PAGE_SECONDS)
            pieces = read_limited(response, LARGEST_PAGE, longest)
            content = b"".join(pieces)
            kind = response.headers.get_content_type()
            base = response.geturl()
            serial = response.headers.get("X-PyPI-Last-Serial", "")
            age = response.headers.get("Age", "")
        read = read_json if kind.endswith("json") else read_html
        files, status, why = read(content, base)
        named = {file.name: file for file in files}
        return Listing(named, status, why, serial, age)

    def download(self, file, target, limit=None, seconds=DOWNLOAD_SECONDS):
        """Saves a file as the index serves it; the sha256 of its bytes.

        `limit` is the most bytes that it may have.
        """
        response = self.open(file.url, elsewhere=True)
        if response is None:
            raise IndexProblemError(
                f"The index lists {file.name}, but has it not."
            )
        most = LARGEST_FILE if limit is None else limit
        digest = hashlib.sha256()
        with response, target.open("wb") as copy:
            for piece in read_limited(response, most, seconds):
                digest.update(piece)
                copy.write(piece)
        return digest.hexdigest()


def normalised(name):
    """A project's name as indexes spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def words(value):
    """The value where it is text; empty where it is anything else."""
    return value if isinstance(value, str) else ""


def is_file_name(name):
    """Whether it is none of a folder: files are saved by it."""
    plain = isinstance(name, str) and re.fullmatch(r"[^/\\\0]+", name)
    return bool(plain) and name not in (".", "..")


def file_name(name, base):
    """A listed name, where it is one."""
    if is_file_name(name):
        return name
    raise IndexProblemError(
        f"The answer of {base} is no simple page: {name!a} is no name of a"
        " file."
    )


def size_of(value):
    """A listed size; None where it is no number of bytes."""
    return value if type(value) is int and value >= 0 else None


def sha256_of(value):
    """A listed sha256; None where it is none."""
    text = words(value).lower()
    return text if re.fullmatch(r"[0-9a-f]{64}", text) else None


def read_json(content, base):
    """Files in a PEP 691 page, and the project's status."""
    try:
        page = json.loads(content)
    except (ValueError, RecursionError):
        raise IndexProblemError(
            f"The answer of {base} is no JSON.", kind="truncated"
        ) from None
    try:
        status = page.get("project-status") or {}
        files = [
            IndexFile(
                file_name(file["filename"], base),
                urljoin(base, file["url"]),
                sha256_of(file.get("hashes", {}).get("sha256")),
                # The reason, which may be empty, where there is one (PEP 592).
                file.get("yanked") not in (None, False),
                size_of(file.get("size")),
                words(file.get("yanked")),
                words(file.get("upload-time")),
            )
            for file in page["files"]
        ]
        state = words(status.get("status")) or "active"
        said = state, words(status.get("reason"))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise IndexProblemError(
            f"The answer of {base} is no simple page."
        ) from None
    return (files, *said)


class Anchors(HTMLParser):
    """Collects the links of a PEP 503 page."""

    def __init__(self):
        super().__init__()
        self.links = []
        self.meta = {}

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        target = attributes.get("href")
        if tag == "a" and target:
            why = attributes.get("data-yanked")
            self.links.append((target, "data-yanked" in attributes, why or ""))
        if tag == "meta":
            self.meta[attributes.get("name")] = attributes.get("content")


def read_html(content, base):
    """Files in a PEP 503 page, and the project's status.

    A file's name is the last part of its link.
    """
    parser = Anchors()
    parser.feed(content.decode("utf-8", "replace"))
    found = []
    for link, yanked, why in parser.links:
        try:
            parts = urlsplit(urljoin(base, link))
        except ValueError:  # no URL
            continue
        name = unquote(parts.path.rsplit("/", 1)[-1])
        if not is_file_name(name):  # a link to a folder above, for one
            continue
        said = re.search(r"sha256=([0-9a-f]{64})", parts.fragment)
        found.append(
            IndexFile(
                name,
                parts._replace(fragment="").geturl(),
                said and said[1],
                yanked,
                None,
                why,
            )
        )
    status = parser.meta.get("pypi:project-status") or "active"
    return found, status, parser.meta.get("pypi:project-status-reason") or ""


def simple_candidates(upload):
    """Where an index with this upload URL may have its simple API.

    `/legacy/` is PyPI's own layout, `+simple` devpi's, `simple` most others'.
    """
    url = upload.rstrip("/")
    parent = url.rsplit("/", 1)[0]
    if url.endswith("/legacy"):
        return [f"{parent}/simple/"]
    found = [f"{url}/simple/", f"{url}/+simple/"]
    return [*found, f"{parent}/simple/"] if urlsplit(url).path else found


def find_index(upload, simple="", credentials=None):
    """The index to read, by its simple URL or found from its upload URL."""
    if simple:
        return Index(simple, credentials)
    tried = simple_candidates(upload)
    for candidate in tried:
        index = Index(candidate, credentials)
        response = index.open(candidate, ACCEPT)
        if response is not None:
            response.close()
            return index
    raise IndexProblemError(
        f"No simple API is found for {upload}: tried {', '.join(tried)}."
        " Pass its URL with --simple."
    )


def answers(index):
    """Whether a simple API is there; None where nobody can tell."""
    try:
        response = index.open(index.simple, ACCEPT)
    except IndexProblemError:
        return None
    if response is not None:
        response.close()
    return response is not None


def check_simple(index, upload):
    """Refuses a URL with nothing at it where the API is at another.

    Not every index has a page there, so that alone says nothing.
    """
    if answers(index) is not False:
        return
    for candidate in simple_candidates(upload):
        if answers(Index(candidate, index.credentials)):
            raise IndexProblemError(
                f"--simple={index.simple} has nothing, and the simple API is"
                f" at {candidate}: what the index has already would not be"
                " seen. Leave --simple out, or pass that one."
            )
