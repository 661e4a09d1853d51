"""Serves an empty index for the length of a rehearsal: pypiserver.

    python serve.py 23456

Anybody may upload to it, so it listens only where the pipeline's own
containers reach it: on the address of this container's host name, or on the
loopback interface where containers share the machine's network.
"""

import socket
import sys
import tempfile

from pypiserver.__main__ import main


def own_address():
    """The address that this container's name stands for."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"


def arguments(port, folder):
    """pypiserver's arguments: no fallback to PyPI, no passwords."""
    address = ["--port", port, "--interface", own_address()]
    open_to_all = ["--passwords", ".", "--authenticate", "."]
    pages = ["--disable-fallback", "--hash-algo", "sha256"]
    return ["run", *address, *open_to_all, *pages, folder]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        main(arguments(sys.argv[1], empty))
