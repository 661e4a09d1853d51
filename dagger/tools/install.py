"""Installs files, each into a clean environment of its own, and tries them.

    python install.py --python 3.11 --name demo dist/demo-1.0.tar.gz …

Prints {FILE: {"problems", "imported", "versions", "commands"}}, each as
smoke.py does; exit code 1 where there are problems, so that no engine keeps a
bad answer. One after the other: what a second interpreter is given runs beside.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import InstallError, clean_environment

SMOKE = Path(__file__).with_name("smoke.py")
# For imports that not even a signal ends; smoke.py has limits of its own.
LONGEST = 900


def run_smoke(environment, name):
    """smoke.py's answer, run in that environment and in no project."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        try:
            # Whatever the package prints, or leaves running, is not the answer.
            done = subprocess.run(
                [*environment.isolated, str(SMOKE), name, str(answer)],
                cwd=str(environment.root),
                env=environment.variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            said = f"trying {name} did not end within {LONGEST} s"
            return {"problems": [said]}
        if done.returncode != 0 or not answer.exists():
            said = f"trying {name} ended with {done.returncode}"
            return {"problems": [said]}
        return json.loads(answer.read_text(encoding="utf-8"))


def try_environment(environment, name):
    """smoke.py's answer, with what `uv pip check` complains about."""
    report = run_smoke(environment, name)
    complaint = environment.check()
    if complaint:
        report["problems"].append(f"uv pip check: {complaint}")
    return report


def try_install(options, file):
    """Installs a file into a clean environment, and tries what is there."""
    # uv knows a file by path and time, and those are the same for each commit.
    flags = ["--refresh-package", options.name]
    flags += [f"--build-constraint={c}" for c in options.build_constraint]
    with clean_environment(options.python) as environment:
        try:
            environment.install(*flags, str(file))
        except InstallError as error:
            return {"problems": [f"uv could not install it: {error}"]}
        return try_environment(environment, options.name)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--python", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--build-constraint", action="append", default=[])
    options = parser.parse_args(arguments)
    tried = {file.name: try_install(options, file) for file in options.files}
    print(json.dumps(tried))
    sys.exit(any(report["problems"] for report in tried.values()))


if __name__ == "__main__":
    main()
