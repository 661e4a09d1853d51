#!/bin/sh
# zizmor.sh ZIZMOR ARGS: what it finds, as JSON. Where it can read none of the
# workflows it ends with 3, which is no failure: they are findings of the
# audit's own.
set -eu
code=0
"$@" || code=$?
case $code in
0) ;;
3) echo "[]" ;;
*) exit "$code" ;;
esac
