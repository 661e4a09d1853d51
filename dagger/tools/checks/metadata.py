"""The metadata's fields: what PyPI refuses an upload for.

`packaging` knows the specification's rules and says which field is wrong;
each check here is for some fields, and adds PyPI's own rules for them.
"""

import email.utils
import io
import re
from functools import lru_cache
from urllib.parse import urlsplit

from packaging.licenses import (
    InvalidLicenseExpression,
    canonicalize_license_expression,
)
from packaging.metadata import InvalidMetadata, Metadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from checks.finding import Evidence, Note, Problem, listed

# 2.0 was never accepted as a standard; PyPI refuses it too.
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
LONGEST_SUMMARY = 512
LONGEST_LABEL = 32

DEPENDENCY_FIELDS = ("requires-dist", "provides-dist", "obsoletes-dist")
LICENSE_FIELDS = ("license", "license-expression", "license-file")
# Fields that have a check of their own; `metadata` has all others.
OWN_CHECK = {
    *("metadata-version", "version", "summary"),
    *DEPENDENCY_FIELDS,
    *LICENSE_FIELDS,
}


@lru_cache(maxsize=None)
def invalid_fields(content):
    """(field, sentence) for each that `packaging` finds wrong."""
    raw, unparsed = parse_email(content)
    found = [
        (field, f"{field} cannot be read: {' '.join(map(str, values))[:80]}")
        for field, values in unparsed.items()
    ]
    try:
        Metadata.from_raw(raw, validate=True)
    except Exception as group:
        for error in getattr(group, "exceptions", [group]):
            field = getattr(error, "field", "")
            if isinstance(error, InvalidMetadata) or field:
                found.append((field.lower(), str(error)))
            else:
                found.append(("", str(error)))
    return found


def of_fields(dist, wanted):
    """Problems with the fields that `wanted` says yes to."""
    for file in dist.files:
        for field, sentence in invalid_fields(file.raw_metadata):
            if wanted(field):
                yield Problem(f"{file.path.name}: {sentence}")


def values(file, field):
    return [str(value) for value in file.metadata.get_all(field) or []]


def check_metadata(dist):
    """Whatever the specification says of fields without an own check."""
    yield from of_fields(dist, lambda field: field not in OWN_CHECK)
    for file in dist.files:
        yield Evidence(f"{file.path.name}: {len(file.metadata.keys())} fields")


def check_metadata_version(dist):
    for file in dist.files:
        version = file.metadata["Metadata-Version"]
        yield Evidence(f"{file.path.name}: {version}")
        if version not in METADATA_VERSIONS:
            yield Problem(
                f"{file.path.name}: {version!r} is not a valid metadata"
                f" version; PyPI takes {', '.join(METADATA_VERSIONS)}"
            )


def check_local_version(dist):
    for file in dist.files:
        version = file.metadata["Version"] or ""
        yield Evidence(f"{file.path.name}: {version}")
        if "+" in version:
            yield Problem(
                f"{file.path.name}: PyPI takes no local versions, and"
                f" {version} is one. Build without --local"
            )


def check_version_spelling(dist):
    for file in dist.files:
        version = file.metadata["Version"] or ""
        yield Evidence(f"{file.path.name}: {version}")
        try:
            normal = str(Version(version))
        except InvalidVersion:
            yield Problem(
                f"{file.path.name}: {version!r} is no version (PEP 440)"
            )
        else:
            if normal != version:
                yield Note(
                    f"{file.path.name}: {version} is spelled {normal} elsewhere"
                )


def check_classifiers(dist):
    from trove_classifiers import classifiers, deprecated_classifiers

    for file in dist.files:
        name = file.path.name
        used = values(file, "Classifier")
        yield Evidence(f"{name}: {len(used)} classifiers")
        for classifier in used:
            instead = deprecated_classifiers.get(classifier)
            if classifier in deprecated_classifiers:
                use = f"; use {' or '.join(instead)}" if instead else ""
                yield Problem(f"{name}: {classifier!r} is deprecated{use}")
            elif classifier not in classifiers:
                yield Problem(
                    f"{name}: {classifier!r} is not a valid classifier"
                )


def check_dependencies(dist):
    yield from of_fields(dist, lambda field: field in DEPENDENCY_FIELDS)
    for file in dist.files:
        for field in DEPENDENCY_FIELDS:
            for value in values(file, field):
                try:
                    url = Requirement(value).url
                except InvalidRequirement as error:
                    # packaging has said so above of the one that it reads.
                    if field != "requires-dist":
                        reason = " ".join(str(error).split())
                        yield Problem(
                            f"{file.path.name}: {field} {value!r} is no"
                            f" requirement: {reason}"
                        )
                    continue
                if url:
                    yield Problem(
                        f"{file.path.name}: PyPI takes no direct dependency,"
                        f" and {value} is one"
                    )
        needed = len(values(file, "Requires-Dist"))
        yield Evidence(f"{file.path.name}: {needed} dependencies")


def check_license(dist):
    """Licence fields by metadata version, and never both kinds."""
    for problem in of_fields(dist, lambda field: field in LICENSE_FIELDS):
        # setuptools wrote License-File long before it was standard.
        early = "license-file introduced in" in problem
        yield Note(problem) if early else problem
    for file in dist.files:
        name, expressions = file.path.name, values(file, "License-Expression")
        if expressions and values(file, "License"):
            yield Problem(
                f"{name}: License is deprecated when License-Expression is"
                " present; leave one of them"
            )
        legacy = [c for c in values(file, "Classifier") if "License ::" in c]
        if expressions and legacy:
            yield Note(f"{name}: {listed(legacy)} beside a License-Expression")
        for expression in expressions:
            yield Evidence(f"{name}: {expression}")
            try:
                normal = canonicalize_license_expression(expression)
            except InvalidLicenseExpression:
                continue  # packaging said so above
            if normal != expression:
                yield Note(f"{name}: {expression} is spelled {normal} on PyPI")


def check_license_files(dist):
    """Each License-File is in the archive, where PyPI looks for it."""
    for file in dist.files:
        folder = f"{file.info}/licenses/" if file.kind == "wheel" else ""
        version = file.metadata["Metadata-Version"] or ""
        # Before 2.4 the field was setuptools' own, and PyPI ignores it.
        if version not in ("2.4", "2.5"):
            continue
        for path in values(file, "License-File"):
            yield Evidence(f"{file.path.name}: {folder}{path}")
            if f"{folder}{path}" not in file.contents:
                yield Problem(
                    f"{file.path.name}: License-File {path} does not exist at"
                    f" {folder}{path}"
                )


def check_summary(dist):
    yield from of_fields(dist, lambda field: field == "summary")
    for file in dist.files:
        length = len(file.metadata["Summary"] or "")
        yield Evidence(f"{file.path.name}: {length} characters")
        if length > LONGEST_SUMMARY:
            yield Problem(
                f"{file.path.name}: the summary has {length} characters, PyPI"
                f" takes {LONGEST_SUMMARY}"
            )


def is_url(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and not re.search(r"[\s<>]", url)


def check_urls(dist):
    """Home-page, Download-URL, and the labels and URLs of Project-URL."""
    for file in dist.files:
        name, labelled = file.path.name, values(file, "Project-URL")
        yield Evidence(f"{name}: {len(labelled)} project URLs")
        for field in ("Home-page", "Download-URL"):
            for url in values(file, field):
                if url not in ("", "UNKNOWN") and not is_url(url):
                    yield Problem(f"{name}: {field} {url!r} is no valid URL")
        for value in labelled:
            label, _, url = (part.strip() for part in value.partition(","))
            if not label or not url:
                yield Problem(
                    f"{name}: Project-URL {value!r} is not LABEL, URL"
                )
            elif len(label) > LONGEST_LABEL:
                yield Problem(
                    f"{name}: the Project-URL label {label!r} is longer than"
                    f" {LONGEST_LABEL} characters"
                )
            elif not is_url(url):
                yield Problem(f"{name}: {label} {url!r} is no valid URL")


def check_contacts(dist):
    """E-mail addresses, with the library that PyPI checks them with."""
    from email_validator import EmailNotValidError, validate_email

    for file in dist.files:
        for field in ("Author-email", "Maintainer-email"):
            for value in values(file, field):
                # PyPI looks at the first of several.
                address = email.utils.parseaddr(value)[1]
                if not address:
                    continue
                yield Evidence(f"{file.path.name}: {field} {address}")
                try:
                    validate_email(address, check_deliverability=False)
                except EmailNotValidError as error:
                    yield Problem(
                        f"{file.path.name}: {field} {address!r} is no valid"
                        f" e-mail address: {error}"
                    )


def check_description(dist):
    """The page renders, as PyPI renders it."""
    from readme_renderer import markdown, rst

    for file in dist.files:
        name = file.path.name
        text = file.metadata.get_payload() or file.metadata["Description"]
        text = text if isinstance(text, str) else ""
        if text == "":
            yield Note(f"{name}: there is no description for the page")
            continue
        kind = file.metadata["Description-Content-Type"] or ""
        plain = kind.partition(";")[0].strip().lower() or "text/x-rst"
        yield Evidence(f"{name}: {len(text)} characters of {plain}")
        if plain == "text/plain":
            continue
        said = io.StringIO()
        if plain == "text/markdown":
            rendered = markdown.render(text, stream=said)
        else:
            rendered = rst.render(text, stream=said)
        if rendered is None or not text.strip():
            reason = " ".join(said.getvalue().split())
            default = "" if kind else ", which no content type means"
            yield Problem(
                f"{name}: the description does not render as"
                f" {plain}{default}: {reason or 'it is empty'}"
            )
