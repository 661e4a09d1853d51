#!/bin/sh
# The classic workflow as release guides and hand-written CI jobs have it:
# a new virtual environment for each purpose, pip for every install, one step
# after the other. Stops at the first failure.
#
# classic.sh PYTHON SOURCE INDEX_URL: builds, checks, tests, uploads and
# confirms the project in SOURCE (a clone of its own). Works in the current,
# empty folder.
set -eu
python=$1 source=$2 index=$3

"$python" -m venv tools
tools/bin/python -m pip install --quiet build==1.6.1 twine==7.0.0

tools/bin/python -m build --outdir dist "$source"
tools/bin/python -m twine check --strict dist/*
wheel=$(echo dist/*.whl)
file=${wheel##*/}
name=${file%%-*}
version=${file#*-}
version=${version%%-*}

"$python" -m venv tested
tested/bin/python -m pip install --quiet "$wheel[testing]"
(cd "$source" && "$OLDPWD/tested/bin/python" -m pytest -q)

tools/bin/python -m twine upload --non-interactive --disable-progress-bar \
  --repository-url "$index/" --username __token__ --password none dist/*

"$python" -m venv installed
installed/bin/python -m pip install --quiet --no-cache-dir \
  --index-url "$index/simple/" "$name==$version"
found=$(installed/bin/python -c \
  'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))' "$name")
[ "$found" = "$version" ] || {
  echo "built $version, installed $found" >&2
  exit 1
}
