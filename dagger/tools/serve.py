"""Serves an empty index for the length of a rehearsal: pypiserver, as PyPI.

    INDEX_PASSWORD=… python serve.py 23456 jobs.json

It refuses what PyPI would, and changes identities of the jobs in jobs.json,
[{"claims", "refusal"}], for tokens as PyPI does. Where containers share the
machine's network, others may reach the port: so reading wants the password
too, and so does asking for an identity.
"""

import hmac
import json
import os
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import pypiserver
from pypiserver.backend import BackendProxy, SimpleFileBackend, write_file
from pypiserver.bottle_wrapper import HTTPResponse, request

from admission import refusals
from identities import AUDIENCE, Identities, RefusedError


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """Answers uv's parallel requests; wsgiref alone takes one at a time."""

    daemon_threads = True


def answer(status, **body):
    return HTTPResponse(
        json.dumps(body), status, {"Content-Type": "application/json"}
    )


def refused(status, reason):
    """A refusal in the form of PyPI's."""
    title = HTTPStatus(status).phrase
    return answer(
        status, message=reason, code=f"{status} {reason}", title=title
    )


class Shelf(SimpleFileBackend):
    """Keeps what PyPI would take."""

    def add_package(self, filename, stream):
        digest = request.forms.get("sha256_digest", "")
        there = [path.name for path in self.roots[0].iterdir()]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, filename)
            write_file(stream, path)
            found = refusals(path, digest.lower(), there)
            if found:
                raise refused(400, " ".join(found))
        super().add_package(filename, stream)


def rehearsal_app(folder, password, jobs):
    """pypiserver on an empty folder: no fallback to PyPI, no overwriting."""
    identities = Identities(jobs)

    def same(given):
        return hmac.compare_digest(given.encode(), password.encode())

    def is_known(_username, given):
        return same(given) or identities.takes(given)

    app = pypiserver.app(
        roots=[folder],
        auther=is_known,
        authenticate=["update", "download", "list"],
        disable_fallback=True,
        hash_algo="sha256",
    )
    config = app._pypiserver_config
    config.backend = BackendProxy(Shelf(config))

    @app.get("/_/oidc/audience")
    def audience():
        return answer(200, audience=AUDIENCE)

    @app.post("/_/oidc/mint-token")
    def mint():
        sent = request.json
        token = sent.get("token") if isinstance(sent, dict) else None
        try:
            return answer(200, success=True, token=identities.mint(f"{token}"))
        except RefusedError as error:
            return answer(422, **error.answer())

    @app.get("/actions/<number:int>/id-token")
    def identity(number):
        kind, _, given = request.get_header("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not same(given):
            return refused(401, "Bad credentials")
        token = identities.identity(number, request.query.audience)
        if token is None:
            return refused(403, "The job may not ask who it is")
        return answer(200, value=token)

    return app


def main():
    port, jobs = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    with tempfile.TemporaryDirectory() as folder:
        password = os.environ["INDEX_PASSWORD"]
        app = rehearsal_app(Path(folder), password, jobs)
        make_server("", port, app, ThreadingServer).serve_forever()


if __name__ == "__main__":
    main()
