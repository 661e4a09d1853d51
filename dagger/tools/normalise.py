"""Rewrites an sdist so that equal contents are equal bytes.

setuptools writes the time of the build into the archive and into the gzip
header (pypa/setuptools#2133), and takes modes from the builder's umask.
"""

import gzip
import io
import tarfile


def normalised_member(member, time):
    """A copy of a tar header that depends on the content only."""
    plain = tarfile.TarInfo(member.name)
    plain.type = member.type
    plain.linkname = member.linkname
    plain.size = member.size
    plain.mtime = time
    runs = member.isdir() or member.mode & 0o100
    plain.mode = 0o755 if runs else 0o644
    return plain


def normalise_sdist(path, time):
    """Sorts members, and fixes their times, owners and modes, in place."""
    out = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(
        fileobj=out, mode="w", format=tarfile.PAX_FORMAT
    ) as new:
        for member in sorted(old.getmembers(), key=lambda m: m.name):
            content = old.extractfile(member) if member.isreg() else None
            new.addfile(normalised_member(member, time), content)
    with path.open("wb") as file, gzip.GzipFile(
        filename="", mode="wb", compresslevel=9, fileobj=file, mtime=time
    ) as packed:
        packed.write(out.getvalue())
