#!/bin/sh
# The sdist and the wheel, the same bytes every time, in the folder dist.
set -eu
dagger -m github.com/pypi-deploy/pypi-deploy call build --source=. export --path=dist
