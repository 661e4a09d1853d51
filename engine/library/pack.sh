#!/bin/sh
# Bundles the engine for other people's tests: dist/engine.mjs is what
# `import { session } from "pypi-deploy/engine"` gives. npm runs it when the
# package is installed from git (the script "prepare").
set -eu
cd "$(dirname -- "$0")/../.."
node_modules/.bin/esbuild engine/library/session.ts --bundle --format=esm \
  --platform=node --target=node20 --loader:.graphql=text --loader:.sh=text \
  --log-level=error --outfile="dist/engine.$$.mjs" \
  '--banner:js=import{createRequire}from"node:module";const require=createRequire(import.meta.url);'
mv "dist/engine.$$.mjs" dist/engine.mjs
