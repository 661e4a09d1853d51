"""What a wheel says of itself to installers: RECORD and entry points."""

import base64
import configparser
import csv
import hashlib
from importlib.metadata import EntryPoint

from checks.finding import Evidence, Problem, listed

WEAK = ("md5", "sha1")


def recorded(wheel):
    """Hash and size by path, as RECORD has them."""
    text = wheel.contents[f"{wheel.info}/RECORD"].decode("utf-8")
    return {
        row[0]: tuple(row[1:3]) for row in csv.reader(text.splitlines()) if row
    }


def wrong_hash(content, stated):
    """Whether bytes have another hash than RECORD states."""
    algorithm, _, digest = stated.partition("=")
    if algorithm in WEAK or algorithm not in hashlib.algorithms_available:
        return True
    found = hashlib.new(algorithm, content).digest()
    return base64.urlsafe_b64encode(found).decode().rstrip("=") != digest


def check_record(dist):
    """RECORD lists every file, with its hash and size, and nothing else."""
    for wheel in dist.wheels:
        name = wheel.path.name
        own = {f"{wheel.info}/{it}" for it in ("RECORD", "RECORD.jws")}
        own.add(f"{wheel.info}/RECORD.p7s")
        if f"{wheel.info}/RECORD" not in wheel.contents:
            yield Problem(f"{name} has no RECORD")
            continue
        lines = recorded(wheel)
        yield Evidence(f"{name}: {len(lines)} lines")
        missing = wheel.contents.keys() - lines.keys() - own
        if missing:
            yield Problem(f"{name}: RECORD lacks {listed(missing)}")
        gone = {it for it in lines if not it.endswith("/")}
        gone -= wheel.contents.keys()
        if gone:
            yield Problem(f"{name}: RECORD has {listed(gone)}, the wheel not")
        wrong = {
            path
            for path, (digest, size) in lines.items()
            if path in wheel.contents
            and path not in own
            and (
                wrong_hash(wheel.contents[path], digest)
                or (size and int(size) != len(wheel.contents[path]))
            )
        }
        if wrong:
            yield Problem(f"{name}: RECORD has another hash of {listed(wrong)}")


def check_entry_points(dist):
    """entry_points.txt parses, and each entry names an object."""
    for wheel in dist.wheels:
        name = wheel.path.name
        content = wheel.contents.get(f"{wheel.info}/entry_points.txt")
        if content is None:
            continue
        parser = configparser.ConfigParser(delimiters=("=",))
        parser.optionxform = str
        try:
            parser.read_string(content.decode("utf-8"))
        except (configparser.Error, UnicodeDecodeError) as error:
            said = " ".join(str(error).split())
            yield Problem(f"{name}: entry_points.txt does not parse: {said}")
            continue
        for group in parser.sections():
            for entry, value in parser.items(group):
                yield Evidence(f"{name}: {group} {entry}")
                if EntryPoint.pattern.match(value) is None:
                    yield Problem(
                        f"{name}: {entry} = {value!r} in {group} names no"
                        " module or object"
                    )
