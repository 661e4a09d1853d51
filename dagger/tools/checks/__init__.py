"""The checks of a distribution that read files only: one table.

Every refusal of PyPI's that files show is here. What the index alone knows is
not: docs/refusals.md has that list, and where each is met.
"""

from checks.archive import check_archive
from checks.completeness import check_sdist, check_wheel
from checks.files import check_complete, check_recorded, check_sizes
from checks.finding import Check
from checks.metadata import (
    check_classifiers,
    check_contacts,
    check_dependencies,
    check_description,
    check_license,
    check_license_files,
    check_local_version,
    check_metadata,
    check_metadata_version,
    check_summary,
    check_urls,
    check_version_spelling,
)
from checks.names import (
    check_names,
    check_platform_tags,
    check_reserved_name,
    check_tags,
)
from checks.record import check_entry_points, check_record
from checks.strays import check_leftovers, check_obfuscated, check_secrets
from checks.twine_check import check_twine
from checks.wheel_contents import check_auditwheel, check_contents

REFUSED = "an upload that PyPI refuses"

CHECKS = [
    Check("complete", "a release without files", check_complete),
    Check("recorded", "bytes that nobody tested", check_recorded),
    Check("sizes", "files over PyPI's limits", check_sizes),
    Check("archive", "archives read in two ways", check_archive),
    Check("names", "file names that indexes refuse", check_names),
    Check("reserved-name", REFUSED, check_reserved_name),
    Check("platform-tags", REFUSED, check_platform_tags),
    Check("tags", "wheels for other machines than said", check_tags),
    Check("metadata", REFUSED, check_metadata),
    Check("metadata-version", REFUSED, check_metadata_version),
    Check("local-version", REFUSED, check_local_version),
    Check("version-spelling", REFUSED, check_version_spelling),
    Check("classifiers", REFUSED, check_classifiers),
    Check("dependencies", REFUSED, check_dependencies),
    Check("license", REFUSED, check_license),
    Check("license-files", REFUSED, check_license_files),
    Check("summary", REFUSED, check_summary),
    Check("urls", REFUSED, check_urls),
    Check("contacts", REFUSED, check_contacts),
    Check("description", "a page that does not render", check_description),
    Check("twine", "what `twine check` refuses", check_twine),
    Check("record", "wheels changed after they were made", check_record),
    Check("entry-points", "commands that cannot start", check_entry_points),
    Check("contents", "wheels that install strays", check_contents),
    Check("sdist", "an sdist that lost files", check_sdist),
    Check("wheel", "a wheel that lost files, or of other code", check_wheel),
    Check("secrets", "leaked keys and credentials", check_secrets),
    Check("leftovers", "caches and compiled leftovers", check_leftovers),
    Check("obfuscated", REFUSED, check_obfuscated),
    Check("auditwheel", "wheels that miss a library", check_auditwheel),
]
