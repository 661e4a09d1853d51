#!/bin/sh
# What release guides have people run on their files, one after the other:
# twine check, check-wheel-contents, and an install into a new environment.
#
# verify.sh TOOLS PYTHON DIST: the environment with both tools, an interpreter,
# and a folder with an sdist and a wheel. Works in the current, empty folder.
set -eu
tools=$1 python=$2 dist=$3

"$tools/bin/python" -m twine check --strict "$dist"/*.whl "$dist"/*.tar.gz
"$tools/bin/python" -m check_wheel_contents --ignore W002 "$dist"/*.whl
rm -rf installed
"$python" -m venv installed
installed/bin/python -m pip install --quiet "$dist"/*.whl
