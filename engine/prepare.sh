#!/bin/sh
# Installs what is missing, bundles one of this project's programs and prints
# where the bundle is: node "$(engine/prepare.sh engine/cli/call.ts)" ARGS
# Nothing is done that is done already, so it takes milliseconds from then on.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=$project/.call
program=$1
name=$home/$(printf %s "${program%.ts}" | tr / -)
# ./call is started more often than the others: see engine/module/load.ts.
if [ "$program" = engine/cli/call.ts ]; then
  bundle=$name.cjs
else
  bundle=$name.mjs
fi

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

esbuild() {
  (cd "$project" && node_modules/.bin/esbuild --bundle --platform=node \
    --target=node20 --main-fields=module,main --minify-syntax \
    --minify-whitespace --loader:.graphql=text --loader:.sh=text \
    --external:esbuild --external:vitest --log-level=error "$@")
}

make_bundle() {
  if [ "$bundle" = "$name.cjs" ]; then
    esbuild "$program" --format=cjs --supported:dynamic-import=false \
      --outfile="$name.$$.cjs" --define:import.meta.url=here \
      '--banner:js=const here=require("node:url").pathToFileURL(__filename).href;'
    mv "$name.$$.cjs" "$name.code.cjs"
    rm -f "$name".*.cache
    program=engine/module/load.ts
    set -- --format=cjs
  else
    set -- --format=esm \
      '--banner:js=import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);'
  fi
  esbuild "$program" "$@" --outfile="$bundle.$$" && mv "$bundle.$$" "$bundle"
}

mkdir -p "$home"
if ! npm_is_current; then
  # Two first calls at once: the second waits, then finds it done.
  exec 9>"$home/lock"
  node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' ||
    fail "Node.js 20 or newer is needed."
  if command -v flock >/dev/null; then flock 9; fi
  npm_is_current || install_npm
  exec 9>&-
fi
uv_is_current || "$project/engine/uv.sh" >/dev/null
bundle_is_current || make_bundle
printf '%s\n' "$bundle"
