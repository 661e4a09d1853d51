"""Resolves each extra of one file, on its own, as an installer would.

    python extras.py --python 3.11 dist/demo-1.0-py3-none-any.whl test docs

Prints {"problems", "resolved"}, one sentence for each extra that has no
answer; exit code 1 where there are problems, so that no engine keeps them.
"""

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def resolve(python, file, extra):
    """Why an extra cannot be resolved; None where it can."""
    done = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--python", python, "-"],
        input=f"{file.name.split('-')[0]}[{extra}] @ {file.as_uri()}\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    if done.returncode == 0:
        return None
    reason = " ".join(done.stderr.split())
    return f"{file.name}[{extra}] cannot be resolved: {reason}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("extras", nargs="+")
    parser.add_argument("--python", required=True)
    options = parser.parse_args(arguments)
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda extra: resolve(options.python, options.file, extra),
            options.extras,
        )
        problems = [answer for answer in answers if answer]
    print(json.dumps({"problems": problems, "resolved": options.extras}))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
