#!/bin/sh
# The version that a commit deploys as.
set -eu
dagger -m github.com/pypi-deploy/pypi-deploy call version --source=.
