"""What an index holds of a project.

    python holdings.py --url https://upload.pypi.org/legacy/ --name demo

Prints {"simple", "files": [{"name", "yanked", "uploaded"}]}: the URL of the
simple API, given with --simple or found, and every file that is listed, with
the time of its upload, empty where the index does not say it. Where the index
does not answer, {"error": SENTENCE} and exit code 1.
"""

import argparse
import json
import sys

from index import Credentials, IndexProblemError, find_index, trust
from patience import GRACE_SECONDS, Patience, ends_within

# A plan is not worth waiting longer for.
PATIENCE_SECONDS = 60


def holdings(options):
    """Everything, as one object."""
    trust()
    patience = Patience(options.deadline)
    credentials = Credentials.of_environment()
    index = patience.patiently(
        lambda: find_index(options.url, options.simple, credentials)
    )
    listed = patience.patiently(lambda: index.files(options.name)).values()
    files = [
        {"name": it.name, "yanked": it.yanked, "uploaded": it.uploaded}
        for it in listed
    ]
    return {"simple": index.simple, "files": files}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--simple", default="")
    parser.add_argument("--name", required=True)
    parser.add_argument("--deadline", type=float, default=PATIENCE_SECONDS)
    options = parser.parse_args(arguments)
    longest = options.deadline + GRACE_SECONDS
    try:
        with ends_within(longest, "Asking the index"):
            answer = holdings(options)
    except IndexProblemError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer))
    sys.exit("error" in answer)


if __name__ == "__main__":
    main()
