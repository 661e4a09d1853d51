#!/bin/sh
# Installs the pinned uv where it is missing and prints where it is.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=$project/.call

say() { printf 'call: %s\n' "$1" >&2; }

is_current() {
  [ "$home/uv/requirements" -nt "$project/engine/uv.txt" ]
}

install() {
  command -v python3 >/dev/null || {
    say "python3 is not on the PATH: install Python 3 with pip."
    exit 2
  }
  say "installing uv"
  rm -rf "$home/uv" "$home/uv.new"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target "$home/uv.new" \
    --require-hashes --only-binary=:all: -r "$project/engine/uv.txt" >&2
  cp "$project/engine/uv.txt" "$home/uv.new/requirements"
  mv "$home/uv.new" "$home/uv"
}

if ! is_current; then
  mkdir -p "$home"
  # Two first calls at once: the second waits, then finds it done.
  exec 8>"$home/uv.lock"
  if command -v flock >/dev/null; then flock 8; fi
  is_current || install
  exec 8>&-
fi
printf '%s\n' "$home/uv/bin/uv"
