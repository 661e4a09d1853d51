"""File names and tags: what PyPI and installers read off a name."""

import re
import sys
from email.parser import BytesParser

from packaging.tags import parse_tag
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from checks.finding import Evidence, Note, Problem, listed

# Modules that Python had once; PyPI keeps their names too.
REMOVED_MODULES = {
    *("asynchat", "asyncore", "binhex", "distutils", "formatter", "imp"),
    *("macpath", "parser", "smtpd", "symbol", "aifc", "audioop", "cgi"),
    *("cgitb", "chunk", "crypt", "imghdr", "mailcap", "msilib", "nis"),
    *("nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau"),
    *("telnetlib", "uu", "xdrlib", "lib2to3"),
}

GLIBC = "x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x|riscv64"
MUSL = "x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64"
MAC = "ppc|ppc64|i386|x86_64|arm64|intel|fat|fat3|fat64|universal|universal2"
IOS = "arm64_iphoneos|arm64_iphonesimulator|x86_64_iphonesimulator"
# The platform tags that PyPI takes wheels for (warehouse/forklift/legacy.py).
PLATFORMS = [
    re.compile(pattern)
    for pattern in (
        r"any|win32|win_(arm64|amd64|ia64)|linux_armv[67]l",
        r"manylinux(1|2010)_(x86_64|i686)",
        r"manylinux2014_(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x)",
        rf"manylinux_\d+_\d+_({GLIBC})",
        rf"musllinux_\d+_\d+_({MUSL})",
        rf"macosx_\d+_\d+_({MAC})",
        rf"ios_\d+_\d+_({IOS})",
        r"android_\d+_(armeabi_v7a|arm64_v8a|x86|x86_64)",
        r"(pyodide|pyemscripten)_\d+_\d+_wasm32",
    )
]


def check_names(dist):
    """File names spell the metadata's name and version, normalised."""
    for file in dist.files:
        name = file.metadata["Name"] or ""
        version = file.metadata["Version"] or ""
        yield Evidence(f"{file.path.name}: {name} {version}")
        is_wheel = file.kind == "wheel"
        parse = parse_wheel_filename if is_wheel else parse_sdist_filename
        try:
            parsed = parse(file.path.name)
        except (InvalidSdistFilename, InvalidWheelFilename) as error:
            yield Problem(str(error))
            continue
        if parsed[0] != canonicalize_name(name):
            yield Problem(f"{file.path.name} is of {parsed[0]}, not of {name}")
        start = f"{canonicalize_name(name).replace('-', '_')}-{parsed[1]}"
        end = "-" if is_wheel else ".tar.gz"
        if not file.path.name.startswith(start + end):
            yield Problem(f"{file.path.name} should start with {start}")
        try:
            same = Version(version) == parsed[1]
        except InvalidVersion:
            same = False
        if not same:
            yield Problem(
                f"{file.path.name} says {parsed[1]}, its metadata {version}"
            )


def check_reserved_name(dist):
    """PyPI registers no project with the name of a standard module."""
    reserved = {
        canonicalize_name(module)
        for module in {*sys.stdlib_module_names, *REMOVED_MODULES}
        if not module.startswith("_")
    }
    for name in sorted({file.metadata["Name"] or "" for file in dist.files}):
        yield Evidence(name)
        if canonicalize_name(name) in reserved:
            yield Problem(
                f"{name} is a module of Python's standard library, and PyPI"
                " takes no new project of that name"
            )


def check_platform_tags(dist):
    """Platforms that PyPI has wheels for."""
    for wheel in dist.wheels:
        yield Evidence(f"{wheel.path.name}: {wheel.tags[2]}")
        for platform in wheel.tags[2].split("."):
            if any(it.fullmatch(platform) for it in PLATFORMS):
                continue
            message = f"PyPI takes no wheels for {platform}: {wheel.path.name}"
            if platform.startswith("linux_"):
                # What every local build makes; publish refuses it for PyPI.
                yield Note(f"{message}. auditwheel or cibuildwheel repair it")
            else:
                yield Problem(message)


def check_tags(dist):
    """The WHEEL file has the tags of the file's name."""
    for wheel in dist.wheels:
        name = wheel.path.name
        content = wheel.contents.get(f"{wheel.info}/WHEEL")
        if content is None:
            yield Problem(f"{name} has no {wheel.info or '*.dist-info'}/WHEEL")
            continue
        about = BytesParser().parsebytes(content)
        stated = {
            tag
            for text in about.get_all("Tag") or []
            for tag in parse_tag(text)
        }
        named = parse_tag("-".join(wheel.tags))
        yield Evidence(f"{name}: {listed(map(str, stated))}")
        if stated != named:
            yield Problem(
                f"{name} is tagged {listed(map(str, stated))} inside, and"
                f" {listed(map(str, named))} by its name"
            )
        version = about["Wheel-Version"] or ""
        if version.split(".")[0] != "1":
            yield Problem(f"{name} has Wheel-Version {version!r}, not 1.0")
