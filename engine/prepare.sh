#!/bin/sh
# Installs what is missing, bundles one of this project's programs and prints
# where the bundle is: node "$(engine/prepare.sh engine/cli/call.ts)" ARGS
# Nothing is done that is done already, so it takes milliseconds from then on.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=$project/.call
program=$1
bundle=$home/$(printf %s "${program%.ts}" | tr / -).mjs

say() { printf 'call: %s\n' "$1" >&2; }
fail() { say "$1"; exit 2; }

npm_is_current() {
  [ "$project/node_modules/.package-lock.json" -nt "$project/package-lock.json" ]
}

uv_is_current() {
  [ "$home/uv/requirements" -nt "$project/engine/uv.txt" ]
}

bundle_is_current() {
  [ -e "$bundle" ] && [ -z "$(cd "$project" && find engine dagger/src start \
    bench test package-lock.json -newer "$bundle" -print 2>/dev/null | head -n 1)" ]
}

install_npm() {
  command -v npm >/dev/null || fail "npm is not on the PATH: install Node.js 20 or newer."
  say "installing Node packages (npm ci)"
  (cd "$project" && npm ci --no-audit --no-fund --loglevel=error >&2)
  touch "$project/node_modules/.package-lock.json"
}

install_uv() {
  command -v python3 >/dev/null || fail "python3 is not on the PATH: install Python 3 with pip."
  say "installing uv"
  rm -rf "$home/uv" "$home/uv.new"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target "$home/uv.new" \
    --require-hashes --only-binary=:all: -r "$project/engine/uv.txt" >&2
  cp "$project/engine/uv.txt" "$home/uv.new/requirements"
  mv "$home/uv.new" "$home/uv"
}

make_bundle() {
  (cd "$project" && node_modules/.bin/esbuild "$program" --bundle --format=esm \
    --platform=node --target=node20 --external:esbuild --external:vitest \
    --loader:.graphql=text --loader:.sh=text --sourcemap --log-level=error \
    '--banner:js=import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);' \
    --outfile="$bundle.$$.mjs" && mv "$bundle.$$.mjs" "$bundle")
}

mkdir -p "$home"
if ! npm_is_current || ! uv_is_current; then
  # Two first calls at once: the second waits, then finds it done.
  exec 9>"$home/lock"
  node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' ||
    fail "Node.js 20 or newer is needed."
  if command -v flock >/dev/null; then flock 9; fi
  npm_is_current || install_npm
  uv_is_current || install_uv
  exec 9>&-
fi
bundle_is_current || make_bundle
printf '%s\n' "$bundle"
