#!/bin/sh
# A whole release to an index that is started for the call.
set -eu
dagger -m github.com/pypi-deploy/pypi-deploy call publish --source=. --index=rehearsal
