#!/bin/sh
# The first process of a container. It runs in new user, mount, pid, ipc and
# uts namespaces, builds the root file system there, goes into it for good and
# runs the command.
#
#   enter.sh LAYERS ROOT OUTER INNER STUBS SECRETS WORKDIR STDIN INIT COMMAND...
#
# LAYERS   where the layers are: the tables name them relative to it
# ROOT     an empty folder, to be the root
# OUTER    fstab(5) of what is mounted from outside: the root itself
# INNER    fstab(5) of what is mounted from inside, or "". Its targets may go
#          through symbolic links of the container, so they are looked up there
# STUBS    paths that files are mounted at, one a line, or ""
# SECRETS  a folder in memory for secrets, or ""; on fd 4 come lines
#          "SIZE MODE NAME", each followed by a secret of SIZE bytes
# STDIN    a file of the container to read from, or ""
# INIT     "init": this shell stays process 1; "": the command is process 1
# fd 3     what goes wrong before the command starts; "ready" when it does
set -eu
umask 022
exec 5>&2 2>&3
layers=$1 root=$2 outer=$3 inner=$4 stubs=$5 secrets=$6 workdir=$7 stdin=$8
init=$9
shift 9
caller_path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin

cd "$layers"
mount -a -T "$outer"
cd "$root"
pivot_root . mnt
cd "/mnt$layers"

if [ -n "$secrets" ]; then
  while IFS=' ' read -r size mode name <&4; do
    head -c "$size" <&4 > "/mnt$secrets/$name"
    chmod "$mode" "/mnt$secrets/$name"
  done
fi
exec 4<&-
if [ -n "$stubs" ]; then
  while IFS= read -r stub; do
    mkdir -p "${stub%/*}/"
    [ -e "$stub" ] || : > "$stub"
  done < "/mnt$stubs"
fi
[ -z "$inner" ] || mount -a -T "/mnt$inner"
cd /
umount -l /mnt
[ -d "$workdir" ] || mkdir -p "$workdir"
cd "$workdir"
[ -z "$stdin" ] || exec < "$stdin"

PATH=$caller_path
case $1 in
*/*) ;;
*)
  if ! command -v "$1" > /dev/null; then
    printf 'ready\n' >&3
    printf 'exec: "%s": executable file not found in $PATH\n' "$1" >&5
    exit 1
  fi
  ;;
esac

# What a container may do as root, as container runtimes have it: not to mount,
# so that what is read-only stays so.
for setpriv in /usr/bin/setpriv /bin/setpriv; do
  [ ! -x "$setpriv" ] || break
done
set -- "$setpriv" --bounding-set \
  -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap \
  -- "$@"
unset PWD OLDPWD SHLVL _ 2>&- || :
printf 'ready\n' >&3
exec 3>&-
if [ -z "$init" ]; then
  exec "$@" 2>&5 5>&-
fi
# In a shell of its own: what this one says of a signal is no output of it.
code=0
(exec "$@" 2>&5 5>&-) || code=$?
exit "$code"
