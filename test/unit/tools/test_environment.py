"""environment.py: environments that leave nothing behind but a cache."""

import shutil
import subprocess
import sys

import pytest

from environment import (
    SLOTS,
    Environment,
    InstallError,
    clean_environment,
    taken_slot,
)

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
needs_uv = pytest.mark.skipif(not shutil.which("uv"), reason="uv runs these")


def test_slots_are_taken_in_order_and_given_back(tmp_path):
    with taken_slot(tmp_path) as first:
        with taken_slot(tmp_path) as second:
            assert (first.name, second.name) == ("0", "1")
        with taken_slot(tmp_path) as again:
            assert again.name == "1"
    assert SLOTS > 2


@needs_uv
def test_an_environment_is_empty_and_gone_afterwards(tmp_path):
    with clean_environment(PYTHON, tmp_path) as environment:
        listing = "import sys; print(sys.prefix, sys.pycache_prefix)"
        done = subprocess.run(
            [*environment.isolated, "-c", listing],
            stdout=subprocess.PIPE,
            check=True,
        )
        prefix, pycache = done.stdout.decode().split()
        assert prefix == str(environment.root)
        assert pycache == str(tmp_path / "pycache")
        assert environment.check() == ""
    assert not environment.root.exists()


@needs_uv
def test_an_install_that_fails_is_told(tmp_path, make_wheel):
    with clean_environment(PYTHON, tmp_path) as environment:
        with pytest.raises(InstallError, match=r"none\.whl"):
            environment.install("--offline", str(tmp_path / "none.whl"))
        environment.install("--offline", make_wheel().as_posix())


def test_what_uv_complains_about_is_told(tmp_path, monkeypatch):
    fake = tmp_path / "uv"
    fake.write_text("#!/bin/sh\necho demo needs x; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Environment(tmp_path, tmp_path).check() == "demo needs x"
