"""Signs files with the identity of the job that uploads them (PEP 740).

    OIDC_REQUEST_URL=… OIDC_REQUEST_TOKEN=… \\
        python attest.py --out attestations.json dist/demo-1.0.tar.gz …

Writes {FILE NAME: [ATTESTATION]} to --out and prints {"signed": [FILE NAME],
"problem"}: why not all are signed, or nothing. All of them or none: a release
that is signed in part reads as one that was tampered with.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
from pathlib import Path

from exchange import ExchangeError, Identity, identity_token
from index import trust
from patience import Patience

AUDIENCE = "sigstore"
# Sigstore's parts may hang; an upload waits for them no longer.
SECONDS = 45


def sign(files):
    """Attestations by file name."""
    # The ambient identity of `id` is not used: containers see no variables.
    patience = Patience(SECONDS / 3)
    identity = Identity.of_environment()
    token = patience.patiently(lambda: identity_token(identity, AUDIENCE))
    # They take a second to import, and are not needed where that failed.
    from pypi_attestations import Attestation, Distribution
    from sigstore.models import ClientTrustConfig
    from sigstore.oidc import IdentityToken
    from sigstore.sign import SigningContext

    trusted = ClientTrustConfig.production()
    context = SigningContext.from_trust_config(trusted)
    with context.signer(IdentityToken(token), cache=True) as signer:
        return {
            path.name: [
                json.loads(
                    Attestation.sign(
                        signer, Distribution.from_file(path)
                    ).model_dump_json()
                )
            ]
            for path in files
        }


class OutOfTimeError(Exception):
    """Signing that took too long."""


def out_of_time(*_):
    raise OutOfTimeError(f"it did not end in {SECONDS} s")


def attest(files):
    """Attestations by file name, and why there are none."""
    trust()
    signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return sign(files), ""
    except ExchangeError as error:
        return {}, str(error).rstrip(".")
    except Exception as error:  # of many kinds, by libraries under libraries
        said = " ".join(str(error).split())[:300].rstrip(".")
        return {}, f"Sigstore cannot sign now ({type(error).__name__}: {said})"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    with contextlib.redirect_stdout(sys.stderr):
        signed, problem = attest(options.files)
    options.out.write_text(json.dumps(signed), encoding="utf-8")
    print(json.dumps({"signed": sorted(signed), "problem": problem}))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # a library's thread that hangs does not keep the program
