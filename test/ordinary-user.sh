#!/bin/sh
# For root: runs a command in this project as an ordinary user.
#
#   test/ordinary-user.sh HOME COMMAND [ARG...]
#
# The user is nobody, with HOME for a home. In a mount namespace of the
# command's own, what this project writes to is a copy that belongs to nobody,
# and of root's home nothing is seen but its interpreters.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=$1
shift

for folder in .call dist node_modules/.vite node_modules/.vite-temp; do
  mkdir -p "$project/$folder" "$home/own/$folder"
  cp -a "$project/$folder/." "$home/own/$folder"
done
mkdir -p "$home/tmp" "$home/.cache" "$home/kept"
fixtures=${XDG_CACHE_HOME:-$HOME/.cache}/pypi-deploy-fixtures
if [ -d "$fixtures" ]; then cp -a "$fixtures" "$home/.cache/"; fi
chown -R nobody: "$home"

export project home
exec unshare --mount sh -euc '
# Mounts a folder of root'"'"'s home over the home that hides it.
bind() { mkdir -p "$2" && mount --bind "$1" "$2"; }
kept=
for folder in "$project" "${PYENV_ROOT:-$HOME/.pyenv}"; do
  case $folder in "$HOME"/*) [ ! -d "$folder" ] || kept="$kept $folder" ;; esac
done
for folder in $kept; do bind "$folder" "$home/kept$folder"; done
mount -t tmpfs -o mode=755 tmpfs "$HOME"
for folder in $kept; do bind "$home/kept$folder" "$folder"; done
for folder in .call dist node_modules/.vite node_modules/.vite-temp; do
  bind "$home/own/$folder" "$project/$folder"
done
cd "$project"
exec setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
  --bounding-set=-all --no-new-privs \
  env "HOME=$home" USER=nobody LOGNAME=nobody "TMPDIR=$home/tmp" \
  "XDG_CACHE_HOME=$home/.cache" "npm_config_cache=$home/.npm" GIT_CONFIG_COUNT=1 \
  GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$project" \
  PYPI_DEPLOY_ISOLATION=folder "$@"
' sh "$@"
