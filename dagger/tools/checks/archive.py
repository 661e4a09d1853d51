"""The archives themselves: PyPI refuses what programs may read in two ways.

Its rules: https://docs.pypi.org/archives/
"""

import gzip
import struct
import tarfile
import zipfile
from collections import Counter

from checks.finding import Evidence, Note, Problem, listed

END = b"PK\x05\x06"
LOCAL = b"PK\x03\x04"
LOCAL_SIZE = 30
LOCATOR_64 = b"PK\x06\x07"
LOCATOR_SIZE = 20
RECORD_64 = b"PK\x06\x06"
# Sizes of what may follow a member's data: CRC and sizes, of 4 or 8 bytes,
# with and without a signature.
DESCRIPTORS = (12, 16, 20, 24)
USES_DESCRIPTOR = 0x08
ENCRYPTED = 0x01


def odd_name(name):
    """Why a member's name is none to unpack; None where it is one."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\\" in name:
        return "leaves the folder it is unpacked in"
    if any(ord(character) < 0x20 or character == "\x7f" for character in name):
        return "has unprintable characters in its name"
    return None


def member_problems(names):
    """Problems with the names of members: odd ones, and twice the same."""
    for name, count in Counter(names).items():
        reason = odd_name(name)
        if reason:
            yield f"{name!r} {reason}"
        if count > 1:
            yield f"{name} is in it {count} times"


def zip_directory(data):
    """Where the zip's directory is, its size, and where its end starts.

    An archive of many or large members states them in a record of 64 bits
    before the usual one, found by a locator between them.
    """
    end = data.rfind(END)
    size, offset = struct.unpack("<II", data[end + 12 : end + 20])
    locator = data[max(end - LOCATOR_SIZE, 0) : end]
    if not locator.startswith(LOCATOR_64):
        return offset, size, end
    at = struct.unpack("<Q", locator[8:16])[0]
    if data[at : at + 4] != RECORD_64:
        return offset, size, None
    length = struct.unpack("<Q", data[at + 4 : at + 12])[0] + 12
    size, offset = struct.unpack("<QQ", data[at + 40 : at + 56])
    # A gap before the locator is one before the end, too.
    return offset, size, end - LOCATOR_SIZE - length


def zip_end_problems(data):
    """Bytes before, after, or beside what the zip's directory lists."""
    end = data.rfind(END)
    comment = struct.unpack("<H", data[end + 20 : end + 22])[0]
    if comment:
        yield "has a comment at its end"
    if end + 22 + comment != len(data):
        yield f"has {len(data) - end - 22 - comment} bytes after its end"
    offset, size, start = zip_directory(data)
    if offset + size != start:
        yield "has bytes that its directory does not list"
    if not data.startswith(LOCAL):
        yield "has bytes before its first member"


def zip_gap_problems(data, members):
    """Members whose data is not where the next one starts."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    directory = zip_directory(data)[0]
    starts = [member.header_offset for member in ordered[1:]]
    for member, following in zip(ordered, [*starts, directory]):
        at = member.header_offset
        header = data[at : at + LOCAL_SIZE]
        if len(header) < LOCAL_SIZE:
            continue
        name, extra = struct.unpack("<HH", header[26:30])
        own = data[at + LOCAL_SIZE : at + LOCAL_SIZE + name]
        if own not in (
            member.orig_filename.encode("utf-8"),
            member.orig_filename.encode("cp437", "replace"),
        ):
            yield f"calls {member.filename} {own!r} in another place"
        gap = following - (
            at + LOCAL_SIZE + name + extra + member.compress_size
        )
        described = member.flag_bits & USES_DESCRIPTOR
        if gap not in (DESCRIPTORS if described else (0,)):
            yield f"has bytes after {member.filename} that belong to no member"


def zip_problems(wheel):
    data = wheel.path.read_bytes()
    yield from zip_end_problems(data)
    yield from zip_gap_problems(data, wheel.members)
    yield from member_problems(member.filename for member in wheel.members)
    for member in wheel.members:
        if member.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            yield f"{member.filename} is neither stored nor deflated"
        if member.flag_bits & ENCRYPTED:
            yield f"{member.filename} is encrypted"


def tar_end_problems(sdist):
    """Bytes after the last member, or after the compressed data."""
    last = max(sdist.members, key=lambda member: member.offset_data)
    size = last.size if last.isreg() else 0
    end = last.offset_data + size + -size % tarfile.BLOCKSIZE
    try:
        with gzip.open(sdist.path) as unpacked:
            unpacked.seek(end)
            rest = unpacked.read()
    except gzip.BadGzipFile:
        yield "has bytes after its end"
        return
    if rest.strip(b"\0"):
        yield f"has {len(rest)} bytes after its last member"


def link_problems(member, top):
    """A link may not lead out of the folder that is unpacked."""
    target = member.linkname
    if member.issym():
        target = f"{member.name.rpartition('/')[0]}/{target}"
    steps = []
    for part in target.split("/"):
        if part == ".." and steps:
            steps.pop()
        elif part not in ("", "."):
            steps.append(part)
    if member.linkname.startswith("/") or steps[:1] != [top]:
        yield f"{member.name} is a link to {member.linkname}, outside of it"


def tar_problems(sdist):
    members = sdist.members
    tops = {member.name.split("/")[0] for member in members}
    if len(tops) != 1:
        yield f"has not one top folder, but {listed(tops)}"
    elif f"{next(iter(tops))}/PKG-INFO" not in {m.name for m in members}:
        yield f"has no {next(iter(tops))}/PKG-INFO"
    yield from member_problems(member.name for member in members)
    for member in members:
        if member.issparse() or member.type == tarfile.GNUTYPE_SPARSE:
            yield f"{member.name} is sparse"
        elif member.issym() or member.islnk():
            yield from link_problems(member, member.name.split("/")[0])
        elif not (member.isreg() or member.isdir()):
            yield f"{member.name} is no file and no folder"
    yield from tar_end_problems(sdist)


def check_archive(dist):
    """Sound zip and tar files, with nothing beside their members."""
    for path, reason in dist.broken.items():
        yield Problem(f"{path.name} {reason}")
    for file in dist.files:
        name = file.path.name
        problems = zip_problems if file.kind == "wheel" else tar_problems
        for problem in problems(file):
            yield Problem(f"{name}: {problem}")
        yield Evidence(f"{name}: {len(file.members)} members")
    for sdist in dist.sdists:
        top, *others = {m.name.split("/")[0] for m in sdist.members}
        stem = sdist.path.name.removesuffix(".tar.gz")
        if not others and top != stem:
            yield Note(f"{sdist.path.name} unpacks to {top}, not to {stem}")
