"""What nobody means to publish: leftovers, keys and credentials."""

import re

from checks.finding import Evidence, Note, Problem, in_tests, listed, matches

LEFTOVERS = (
    *("*.py[co]", "*/__pycache__/*", "__pycache__/*"),
    *(".git/*", "*/.git/*", ".hg/*", ".svn/*", "*.DS_Store", "*/Thumbs.db"),
    *(".mypy_cache/*", ".pytest_cache/*", ".ruff_cache/*", ".tox/*"),
    *(".venv/*", "node_modules/*", "*.swp", "*.orig", "*.rej"),
)
# What uv_build keeps of a pyproject.toml that it writes anew, as Cargo does.
MEANT = {"pyproject.toml.orig"}
BINARIES = ("*.so", "*.so.*", "*.pyd", "*.dylib", "*.o", "*.obj", "*.a")

SECRET_NAMES = (
    *(".env", "*/.env", ".env.local", "*/.env.local", "*.pypirc", "*.netrc"),
    *("*id_rsa", "*id_dsa", "*id_ecdsa", "*id_ed25519", "*.keytab"),
    *("*/.aws/credentials", ".aws/credentials", "*.p12", "*.pfx"),
    *(".htpasswd", "*/.htpasswd", "*.git-credentials", "*.kdbx"),
)
# What secrets look like wherever they are; each with enough of a shape that
# prose about it does not match.
SECRETS = {
    "a private key": re.compile(
        rb"^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64}",
        re.MULTILINE,
    ),
    "a PyPI token": re.compile(rb"pypi-AgE[A-Za-z0-9_-]{80,}"),
    "a GitHub token": re.compile(
        rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b"
    ),
    "an AWS key": re.compile(
        rb"aws_secret_access_key\s*=\s*['\"]?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
        re.IGNORECASE,
    ),
    "a Slack token": re.compile(rb"\bxox[baprs]-\d{10,}-[A-Za-z0-9-]{20,}"),
}

# Programs that encrypt code, by what their output starts with: PyPI refuses
# it, as nobody can tell what it does.
OBFUSCATORS = {
    "PyArmor": re.compile(
        rb"^(?:from [\w.]*pyarmor_runtime\w* import __pyarmor__"
        rb"|from [\w.]*pytransform import pyarmor_runtime)\b",
        re.MULTILINE,
    ),
    "SourceDefender": re.compile(rb"\A\s*-+ ?BEGIN PYE FILE ?-+"),
}


def split_by_place(paths):
    """Those that count, and those that tests, examples and docs bring."""
    found = set(paths)
    shown = {path for path in found if in_tests(path)}
    return found - shown, shown


def findings(name, what, paths):
    counted, shown = split_by_place(paths)
    if counted:
        yield Problem(f"{name} holds {what}: {listed(counted)}")
    if shown:
        yield Note(f"{name} holds {what} among its tests: {listed(shown)}")


def check_secrets(dist):
    """No keys and no credentials, by name and by content."""
    for file in dist.files:
        name = file.path.name
        yield Evidence(f"{name}: {len(file.contents)} files searched")
        named = {p for p in file.contents if matches(p, SECRET_NAMES)}
        yield from findings(name, "credentials", named)
        for what, pattern in SECRETS.items():
            holding = {
                path
                for path, content in file.contents.items()
                if path not in named and pattern.search(content)
            }
            yield from findings(name, what, holding)


def check_leftovers(dist):
    """No caches, no byte code, no compiled objects in an sdist."""
    for file in dist.files:
        name = file.path.name
        yield Evidence(f"{name}: {len(file.contents)} paths")
        found = {p for p in file.contents if matches(p, LEFTOVERS)} - MEANT
        yield from findings(name, "leftovers", found)
    for sdist in dist.sdists:
        name = sdist.path.name
        built = {p for p in sdist.contents if matches(p, BINARIES)}
        if dist.tracked is not None:
            yield from findings(
                name, "compiled files", built - dist.tracked.keys()
            )
        elif built:  # such as cffi's: nothing tells whether they are meant
            yield Note(f"{name} holds compiled files: {listed(built)}")


def check_obfuscated(dist):
    """Code can be read: PyPI takes none that a program has encrypted."""
    for file in dist.files:
        name = file.path.name
        code = {
            path: content
            for path, content in file.contents.items()
            if path.endswith((".py", ".pye"))
        }
        yield Evidence(f"{name}: {len(code)} modules")
        for program, pattern in OBFUSCATORS.items():
            found = {
                p for p, content in code.items() if pattern.search(content)
            }
            if found:
                yield Problem(
                    f"{name} holds code that {program} has encrypted, which"
                    f" PyPI refuses: {listed(found)}"
                )
