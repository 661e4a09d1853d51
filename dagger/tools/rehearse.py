"""Has each publishing job show a rehearsal's index who it is.

    OIDC_REQUEST_TOKEN=… python rehearse.py --url http://index:23456/ \\
        --name demo --upload https://upload.pypi.org/legacy/ …

Once --upload for each job, in the order of the index's own list: where the
job publishes to when it is none of a rehearsal. Prints {"refusals": [TEXT]},
empty where the job would get a token; {"error"} with exit code 1 where the
rehearsal itself fails.
"""

import argparse
import json
import os
import sys

from exchange import ExchangeError, Identity, mint
from patience import Patience

PATIENCE_SECONDS = 30


def refusal(options, number, upload):
    """Why a job gets no token; empty where it gets one."""
    token = os.environ["OIDC_REQUEST_TOKEN"]
    identity = Identity(f"{options.url}actions/{number}/id-token", token)
    patience = Patience(PATIENCE_SECONDS)
    try:
        mint(options.url, options.name, identity, patience, True, upload)
    except ExchangeError as error:
        if error.fault is not None and error.fault.status is None:
            raise  # the index did not answer, which is no refusal
        return str(error)
    return ""


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--upload", action="append", required=True)
    options = parser.parse_args(arguments)
    try:
        jobs = enumerate(options.upload)
        found = [refusal(options, *job) for job in jobs]
    except ExchangeError as error:
        print(json.dumps({"error": str(error)}))
        sys.exit(1)
    print(json.dumps({"refusals": found}))


if __name__ == "__main__":
    main()
