#!/bin/sh
# The first process of a container. It runs in new user, mount, pid, ipc and
# uts namespaces, builds the root file system there, goes into it for good and
# runs the command.
#
#   enter.sh COMMAND...
#
# The command's environment is none of this script's, nor of a program that
# runs on this machine: each of its variables comes as the value of another.
# What else there is to know is in variables, too: arguments can be seen.
#
# layers   where the layers are: the tables name them relative to it
# root     an empty folder, to be the root
# outer    fstab(5) of what is mounted from outside: the root itself
#          and, at its /mnt, the sources of the mounts made from inside
# inner    "inner" where there are such, "" where not
# workdir  where the command runs
# input    a file of the container to read from, or ""
# init     "init": this shell stays process 1; "": the command is process 1
# elf      how programs begin that are no scripts
# search   the PATH that the command is looked for in
# E0, E1…  the command's variables, each "NAME=VALUE"
# names    those, as env(1) splits and expands them
# fd 4     lines "SIZE MODE NAME", each followed by a secret of SIZE bytes
# fd 3     what goes wrong before the command starts; "ready" when it does
set -eu
umask 022
exec 5>&2 2>&3

cd "$layers"
mount -a -T "$outer"
cd "$root"
while IFS=' ' read -r size mode name <&4; do
  head -c "$size" <&4 > "mnt/secrets/$name"
  chmod "$mode" "mnt/secrets/$name"
done
exec 4<&-
pivot_root . mnt/old
cd /

# Targets may go through symbolic links of the container: what they could lead
# to on this machine is gone before, and only sources are left, at /mnt.
if [ -n "$inner" ]; then
  umount -l /mnt/old
  while IFS= read -r stub; do
    mkdir -p "${stub%/*}/"
    [ -e "$stub" ] || : > "$stub"
  done < /mnt/stubs
  mount -a -T /mnt/inner
fi
umount -l /mnt
[ -d "$workdir" ] || mkdir -p "$workdir"
cd "$workdir"
[ -z "$input" ] || exec < "$input"

own_path=$PATH
PATH=$search
file=$1
case $1 in
*/*) ;;
*)
  if ! file=$(command -v "$1"); then
    printf 'ready\n' >&3
    printf 'exec: "%s": executable file not found in $PATH\n' "$1" >&5
    exit 1
  fi
  ;;
esac
PATH=$own_path

# What Linux cannot run, a script without "#!" say, env would hand to a shell.
case $file in
/usr/bin/* | /usr/sbin/* | /bin/* | /sbin/*) ;;
*)
  if [ -f "$file" ] && [ -x "$file" ] && [ -r "$file" ]; then
    case $(head -c 2 "$file") in
    '#!' | "$elf") ;;
    *)
      printf 'ready\n' >&3
      printf 'fork/exec %s: exec format error\n' "$1" >&5
      exit 1
      ;;
    esac
  fi
  ;;
esac

# What a container may do as root, as container runtimes have it: not to mount,
# so that what is read-only stays so.
for setpriv in /usr/bin/setpriv /bin/setpriv; do
  [ ! -x "$setpriv" ] || break
done
# To env, a word with "=" would be one more variable.
case $1 in
*=*) set -- "$setpriv" -- "$@" ;;
esac
set -- "$setpriv" --bounding-set \
  -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap \
  -- env -i -S "-- $names" "$@"
printf 'ready\n' >&3
exec 3>&-
if [ -z "$init" ]; then
  exec "$@" 2>&5 5>&-
fi
# In a shell of its own: what this one says of a signal is no output of it.
code=0
(exec "$@" 2>&5 5>&-) || code=$?
exit "$code"
