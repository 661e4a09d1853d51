"""Archives, names, tags and records that indexes and installers refuse."""

import gzip
import importlib.util
import io
import platform
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import archives

WHEEL = "demo-1.0-py3-none-any.whl"


def add_to_zip(path, name, content=b"", **attributes):
    """Adds a member, as any program may do later."""
    member = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(member, key, value)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, content)


def write_tar(path, members):
    """An sdist of these tar members, each with its content."""
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def tar_member(name, kind=tarfile.REGTYPE, link=""):
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = link
    return member


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("demo/__init__.py", "demo/__init__.py is in it 2 times"),
        ("../demo.py", "leaves the folder"),
        ("/demo.py", "leaves the folder"),
        ("demo\x01.py", "unprintable characters"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archive_of_a_wheel_has_sound_members(
    findings, make_wheel, name, reason
):
    add_to_zip(make_wheel(), name)
    problems, _ = findings("archive")
    assert any(reason in problem for problem in problems)


def test_archive_of_a_wheel_is_stored_or_deflated(findings, make_wheel):
    add_to_zip(make_wheel(), "demo/a.txt", compress_type=zipfile.ZIP_LZMA)
    [problem] = findings("archive")[0]
    assert problem == f"{WHEEL}: demo/a.txt is neither stored nor deflated"
    add_to_zip(make_wheel(), "demo/b.txt", compress_type=zipfile.ZIP_DEFLATED)
    assert findings("archive") == ([], [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data + b"more", "4 bytes after its end"),
        (lambda data: b"more" + data, "does not list"),
        (lambda data: data[:-2] + b"\1\0x", "has a comment at its end"),
    ],
)
def test_archive_of_a_wheel_has_nothing_around_it(
    findings, make_wheel, change, reason
):
    path = make_wheel()
    path.write_bytes(change(path.read_bytes()))
    problems, _ = findings("archive")
    assert any(reason in problem for problem in problems)


def test_archive_of_a_wheel_hides_no_member(findings, make_wheel):
    path = make_wheel()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("demo/hidden.py", "x")
        archive.writestr("demo/last.py", "y")
        archive.filelist = [
            it for it in archive.filelist if it.filename != "demo/hidden.py"
        ]
    [problem] = findings("archive")[0]
    assert "belong to no member" in problem


def test_archive_of_a_wheel_may_be_streamed(findings, make_wheel):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    path, out = make_wheel(), Pipe()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path.write_bytes(out.getvalue())
    assert findings("archive") == ([], [])


def test_archive_of_a_wheel_may_be_zip64(findings, make_wheel, monkeypatch):
    path = make_wheel()
    with zipfile.ZipFile(path) as old:
        contents = {it: old.read(it) for it in old.namelist()}
    # Sizes of 64 bits in the members, and in the record at the end.
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    assert b"PK\6\6" in path.read_bytes()
    assert findings("archive") == ([], [])
    path.write_bytes(path.read_bytes() + b"more")
    [problem] = findings("archive")[0]
    assert "4 bytes after its end" in problem


def test_archive_of_a_zip64_wheel_hides_nothing(
    findings, make_wheel, monkeypatch
):
    path = make_wheel()
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    add_to_zip(path, "demo/a.py")
    data = path.read_bytes()
    end = data.rindex(b"PK\6\6")
    path.write_bytes(data[:end] + b"hidden" + data[end:])
    problems, _ = findings("archive")
    assert any("does not list" in it or "zipfile" in it for it in problems)
    path.write_bytes(data[: end + 56] + b"hidden" + data[end + 56 :])
    problems, _ = findings("archive")
    assert any("does not list" in it or "zipfile" in it for it in problems)


def test_archive_of_a_bomb_is_not_read(
    findings, make_wheel, make_sdist, monkeypatch
):
    big = {"demo/__init__.py": "", "demo/zeros": "0" * 100_000}
    add_to_zip(
        make_wheel(), "demo/a", b"0" * 10**6, compress_type=zipfile.ZIP_DEFLATED
    )
    make_sdist(big)
    assert findings("archive") == ([], [])
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 10_000)
    problems, _ = findings("archive")
    assert len(problems) == 2
    assert all("as only bombs do" in problem for problem in problems)
    assert findings("metadata") == ([], [])


@pytest.mark.parametrize("file", [WHEEL, "demo-1.0.tar.gz"])
def test_archive_must_be_one(findings, make_wheel, make_sdist, file):
    path = (make_wheel if file == WHEEL else make_sdist)()
    path.write_bytes(b"no archive")
    [problem] = findings("archive")[0]
    kind = "zipfile" if file == WHEEL else "tarfile"
    assert problem.startswith(f"{file} is not a {kind}")


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (tar_member("other/a.py"), "not one top folder, but demo-1.0, other"),
        (tar_member("demo-1.0/../a"), "leaves the folder"),
        (tar_member("demo-1.0/PKG-INFO"), "PKG-INFO is in it 2 times"),
        (
            tar_member("demo-1.0/pipe", tarfile.FIFOTYPE),
            "no file and no folder",
        ),
        (tar_member("demo-1.0/a", tarfile.GNUTYPE_SPARSE), "is sparse"),
        (tar_member("demo-1.0/a", tarfile.SYMTYPE, "../b"), "outside of it"),
        (tar_member("demo-1.0/a", tarfile.SYMTYPE, "/b"), "outside of it"),
        (tar_member("demo-1.0/a", tarfile.SYMTYPE, "b/c"), None),
        (tar_member("demo-1.0/b/a", tarfile.SYMTYPE, "../PKG-INFO"), None),
        (tar_member("demo-1.0/a", tarfile.LNKTYPE, "demo-1.0/PKG-INFO"), None),
        (tar_member("demo-1.0/a", tarfile.DIRTYPE), None),
    ],
)
def test_archive_of_an_sdist(findings, tmp_path, member, reason):
    info = tar_member("demo-1.0/PKG-INFO")
    path = tmp_path / "dist" / "demo-1.0.tar.gz"
    # A sparse member starts with a map of its holes.
    sparse = member.type == tarfile.GNUTYPE_SPARSE
    write_tar(path, [(info, b"Name: demo\n"), (member, b"\0" * 512 * sparse)])
    problems, _ = findings("archive")
    if reason is None:
        assert problems == []
    else:
        assert any(reason in problem for problem in problems)


def test_archive_of_an_sdist_needs_its_metadata(findings, tmp_path):
    path = tmp_path / "dist" / "demo-1.0.tar.gz"
    write_tar(path, [(tar_member("demo-1.0/a.py"), b"")])
    [problem] = findings("archive")[0]
    assert problem.endswith("has no demo-1.0/PKG-INFO")


def test_archive_of_an_sdist_may_unpack_elsewhere(findings, tmp_path):
    path = tmp_path / "dist" / "demo-1.0.tar.gz"
    write_tar(path, [(tar_member("Demo-1.0/PKG-INFO"), b"Name: demo\n")])
    problems, [note] = findings("archive")
    assert problems == []
    assert note == "demo-1.0.tar.gz unpacks to Demo-1.0, not to demo-1.0"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (b"more", "bytes after its end"),
        (gzip.compress(b"more"), "bytes after its last member"),
        (gzip.compress(b"\0" * 512), None),
        (b"\0\0", None),
    ],
)
def test_archive_of_an_sdist_has_nothing_after_it(
    findings, make_sdist, more, reason
):
    path = make_sdist()
    path.write_bytes(path.read_bytes() + more)
    problems, _ = findings("archive")
    assert [reason in problem for problem in problems] == [True] * bool(reason)


@pytest.mark.parametrize(
    ("name", "reserved"),
    [("asyncio", True), ("Asyncore", True), ("asyncio-more", False)],
)
def test_reserved_name(findings, make_sdist, name, reserved):
    make_sdist(replace={"Name": name})
    problems, _ = findings("reserved-name")
    assert len(problems) == reserved


@pytest.mark.parametrize(
    ("platform", "refused"),
    [
        ("amiga_500", True),
        ("manylinux_2_17_sparc", True),
        ("manylinux2010_aarch64", True),
        ("macosx_11_0_arm64e", True),
        ("manylinux_2_17_x86_64.manylinux2014_x86_64", False),
        ("musllinux_1_2_aarch64", False),
        ("macosx_10_9_universal2", False),
        ("win_arm64", False),
        ("ios_13_0_arm64_iphoneos", False),
        ("pyodide_2024_0_wasm32", False),
    ],
)
def test_platform_tags(findings, make_wheel, platform, refused):
    make_wheel(tags=f"cp311-cp311-{platform}")
    problems, notes = findings("platform-tags")
    assert len(problems) == refused
    assert notes == []


def test_platform_tags_of_a_local_build_are_a_note(findings, make_wheel):
    make_wheel(tags="cp311-cp311-linux_x86_64")
    problems, [note] = findings("platform-tags")
    assert problems == []
    assert "auditwheel or cibuildwheel repair it" in note


def test_tags_are_those_of_the_name(findings, make_wheel):
    make_wheel(tags="py3-none-any", file="demo-1.0-py2-none-any.whl")
    [problem] = findings("tags")[0]
    assert "is tagged py3-none-any inside" in problem


def test_tags_may_be_compressed(findings, make_wheel):
    make_wheel(tags="py2.py3-none-any")
    assert findings("tags") == ([], [])


@pytest.mark.parametrize("version", ["", "Wheel-Version: 2.0\n"])
def test_tags_need_a_wheel_of_version_1(findings, make_wheel, version):
    text = f"{version}Tag: py3-none-any\n"
    make_wheel(info={"demo-1.0.dist-info/WHEEL": text})
    [problem] = findings("tags")[0]
    assert "not 1.0" in problem


RECORD = "demo-1.0.dist-info/RECORD"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("demo/__init__.py", "a"), "RECORD lacks"),
        (lambda text: f"{text}demo/b.py,sha256=x,1\n", "the wheel not"),
        (lambda text: text.replace("sha256=", "sha256=x", 1), "another hash"),
        (lambda text: text.replace("sha256=", "md5=", 1), "another hash"),
        (lambda text: text.replace(",0\n", ",1\n", 1), "another hash"),
        (lambda text: f"{text}demo-1.0.dist-info/RECORD.jws,,\n", "not"),
        (lambda text: text.replace("\n", "\r\n"), None),
        (lambda text: f"{text}demo/,,\n", None),
    ],
)
def test_record(findings, make_wheel, change, reason):
    path = make_wheel()
    with zipfile.ZipFile(path) as archive:
        contents = {it: archive.read(it) for it in archive.namelist()}
    contents[RECORD] = change(contents[RECORD].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    problems, _ = findings("record")
    if reason is None:
        assert problems == []
    else:
        assert any(reason in problem for problem in problems)


def test_record_must_be_there(findings, make_wheel):
    path = make_wheel()
    with zipfile.ZipFile(path) as archive:
        contents = {it: archive.read(it) for it in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name in contents.keys() - {RECORD}:
            archive.writestr(name, contents[name])
    assert findings("record")[0] == [f"{WHEEL} has no RECORD"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("demo = demo:main\n", "does not parse"),
        ("[console_scripts]\ndemo = demo:\n", "names no"),
        ("[console_scripts]\ndemo = not a module\n", "names no"),
        ("[console_scripts]\ndemo = demo.cli:Main.run [fast]\n", None),
        ("[demo.plugins]\nA:b = demo\n", None),
    ],
)
def test_entry_points(findings, make_wheel, text, reason):
    make_wheel(info={"demo-1.0.dist-info/entry_points.txt": text})
    problems, _ = findings("entry-points")
    assert [reason in problem for problem in problems] == [True] * bool(reason)


@pytest.fixture
def compiled():
    """A library that needs a glibc of this decade: the interpreter's math."""
    spec = importlib.util.find_spec("math")
    if spec.origin in (None, "built-in") or sys.platform != "linux":
        pytest.skip("this interpreter has no library of its own for math")
    return Path(spec.origin).read_bytes()


def test_auditwheel_finds_a_promise_that_does_not_hold(
    findings, make_wheel, compiled
):
    machine = platform.machine()
    files = {"demo/math.so": compiled}
    make_wheel(files, tags=f"cp311-cp311-manylinux_2_5_{machine}")
    [problem] = findings("auditwheel")[0]
    assert "promises manylinux_2_5" in problem
    assert "auditwheel finds that it needs" in problem


def test_auditwheel_takes_what_promises_nothing(findings, make_wheel, compiled):
    files = {"demo/math.so": compiled}
    make_wheel(files, tags=f"cp311-cp311-linux_{platform.machine()}")
    assert findings("auditwheel") == ([], [])


def test_auditwheel_wonders_at_a_platform_without_a_library(
    findings, make_wheel
):
    make_wheel(tags="cp311-cp311-manylinux_2_17_x86_64")
    problems, [note] = findings("auditwheel")
    assert problems == []
    assert "does not look like a platform wheel" in note


def test_auditwheel_knows_only_wheels_for_linux(findings, make_wheel):
    make_wheel(tags="cp311-cp311-win_amd64")
    make_wheel()
    assert findings("auditwheel") == ([], [])
