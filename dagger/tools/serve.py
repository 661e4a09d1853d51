"""Serves an empty index for the length of a rehearsal: pypiserver.

    INDEX_PASSWORD=… python serve.py 23456

Where containers share the machine's network, others may reach the port: so
reading wants the password too.
"""

import hmac
import os
import sys
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import pypiserver


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """Answers uv's parallel requests; wsgiref alone takes one at a time."""

    daemon_threads = True


def rehearsal_app(folder, password):
    """pypiserver on an empty folder: no fallback to PyPI, no overwriting."""

    def is_known(_username, given):
        return hmac.compare_digest(given.encode(), password.encode())

    return pypiserver.app(
        roots=[folder],
        auther=is_known,
        authenticate=["update", "download", "list"],
        disable_fallback=True,
        hash_algo="sha256",
    )


def main():
    port = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        app = rehearsal_app(Path(folder), os.environ["INDEX_PASSWORD"])
        make_server("", port, app, ThreadingServer).serve_forever()


if __name__ == "__main__":
    main()
