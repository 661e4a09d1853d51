"""The read side of a package index: PEP 691 JSON first, PEP 503 HTML else.

Standard library only.
"""

import base64
import hashlib
import json
import os
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
HTML_TYPE = "application/vnd.pypi.simple.v1+html"
ACCEPT = f"{JSON_TYPE}, {HTML_TYPE};q=0.2, text/html;q=0.1"
TIMEOUT_SECONDS = 30
# No page or file of an honest index is larger; a hostile one must not fill
# the memory.
LARGEST_PAGE = 64 * 1024 * 1024
CHUNK = 1024 * 1024


class IndexProblemError(Exception):
    """An index that does not answer as one, with the sentence that says how."""


@dataclass(frozen=True)
class IndexFile:
    """A file as the index lists it; `sha256` where it says one."""

    name: str
    url: str
    sha256: "str | None"
    yanked: bool = False


@dataclass(frozen=True)
class Credentials:
    """Who asks; sent to the index's own host only, and when it wants it."""

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


class SameHost(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to another host.

    pypiserver sends whoever asks for a project it has not to pypi.org, whose
    answer would be taken for its own.
    """

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            raise urllib.error.HTTPError(
                req.full_url, 404, f"sends elsewhere: {newurl}", headers, fp
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Index:
    """One index, by the URL of its simple API."""

    def __init__(self, simple, credentials=None):
        self.simple = simple.rstrip("/") + "/"
        self.credentials = credentials or Credentials()
        self.wants_credentials = False
        self._opener = urllib.request.build_opener(SameHost)

    def _request(self, url, accept):
        request = urllib.request.Request(url, headers={"Accept": accept})
        own = urlsplit(url).netloc == urlsplit(self.simple).netloc
        if own and self.wants_credentials:
            request.add_header("Authorization", self.credentials.header())
        return request

    def open(self, url, accept="*/*"):
        """The response; None where the index has nothing there."""
        request = self._request(url, accept)
        try:
            return self._opener.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            asked = request.has_header("Authorization")
            if error.code == 401 and self.credentials.password and not asked:
                self.wants_credentials = True
                return self.open(url, accept)
            advice = " Check --token, and --username where it wants one."
            raise IndexProblemError(
                f"The index answers {error.code} ({error.reason}) to {url}."
                + (advice if error.code in (401, 403) else "")
            ) from None
        except (OSError, ssl.SSLError) as error:
            reason = getattr(error, "reason", error)
            raise IndexProblemError(
                f"The index cannot be reached at {url}: {reason}. Check the"
                " URL; a server on the calling machine is passed with"
                " --index-service."
            ) from None

    def files(self, project):
        """Files of a project by name; none where the index has no such."""
        url = urljoin(self.simple, f"{normalised(project)}/")
        response = self.open(url, ACCEPT)
        if response is None:
            return {}
        with response:
            content = response.read(LARGEST_PAGE + 1)
            kind = response.headers.get_content_type()
            base = response.geturl()
        if len(content) > LARGEST_PAGE:
            raise IndexProblemError(
                f"The page {url} is larger than any index's."
            )
        read = read_json if kind.endswith("json") else read_html
        return {file.name: file for file in read(content, base)}

    def download(self, file, target):
        """Saves a file as the index serves it; the sha256 of its bytes."""
        response = self.open(file.url)
        if response is None:
            raise IndexProblemError(
                f"The index lists {file.name}, but has it not."
            )
        digest = hashlib.sha256()
        with response, target.open("wb") as copy:
            while chunk := response.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        return digest.hexdigest()


def normalised(name):
    """A project's name as indexes spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_json(content, base):
    """Files in a PEP 691 page."""
    try:
        listed = json.loads(content)["files"]
        return [
            IndexFile(
                file["filename"],
                urljoin(base, file["url"]),
                file.get("hashes", {}).get("sha256"),
                # The reason, which may be empty, where there is one (PEP 592).
                file.get("yanked") not in (None, False),
            )
            for file in listed
        ]
    except (KeyError, TypeError, ValueError):
        raise IndexProblemError(
            f"The answer of {base} is no simple page."
        ) from None


class Anchors(HTMLParser):
    """Collects the links of a PEP 503 page."""

    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        target = attributes.get("href")
        if tag == "a" and target:
            self.links.append((target, "data-yanked" in attributes))


def read_html(content, base):
    """Files in a PEP 503 page; the name is the last part of each link."""
    parser = Anchors()
    parser.feed(content.decode("utf-8", "replace"))
    found = []
    for link, yanked in parser.links:
        parts = urlsplit(urljoin(base, link))
        said = re.search(r"sha256=([0-9a-f]{64})", parts.fragment)
        found.append(
            IndexFile(
                unquote(parts.path.rsplit("/", 1)[-1]),
                parts._replace(fragment="").geturl(),
                said and said[1],
                yanked,
            )
        )
    return found


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
