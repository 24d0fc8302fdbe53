#!/usr/bin/env bash
# Becomes one process for customers' code, with as many walls around it as this machine and our rights allow:
#   launch.sh <walls> <uid> <memory MiB> <jail> <language>
#   root    own user id; no network; own process ids, mounts, shared memory, host name and control groups; the jail as its root
#   user    the same without root's rights, by a user namespace: our own user id, the jail read-only
#   bare    no namespaces: only its own user id (where we are root), Deno's permissions and the limits
# It starts with an empty environment, no descriptor but its three pipes, in a session of its own, and dies with the thread that started it.
set -euo pipefail
walls=$1 uid=$2 memory=$3 jail=$4 language=$5
cd /

for descriptor in /proc/self/fd/*; do
  descriptor=${descriptor##*/}
  if ((descriptor > 2)); then eval "exec $descriptor>&-"; fi
done
exec 2>&1

ulimit -c 0
ulimit -f 0
ulimit -n 128
# Threads count as well. Only where the user id is its own: elsewhere it would count the server's.
[[ $walls == bare && $EUID -ne 0 ]] || ulimit -u 64

inside=/
[[ $walls == bare ]] && inside=$jail/
deno=("${inside}bin/deno" run --quiet --no-prompt --no-config --no-lock --no-remote --no-npm --cached-only --no-code-cache
  --deny-write --deny-net --deny-env --deny-sys --deny-run --deny-ffi --deny-import "--v8-flags=--max-old-space-size=$memory")
if [[ $language == python ]]; then
  # Taken back before any customer's code runs.
  deno+=("--allow-read=${inside}pyodide,${inside}python.snapshot" "${inside}runner/python.js" python)
else
  deno+=(--deny-read "${inside}runner/javascript.js" "$language")
fi

alone=(env -i DENO_DIR=/nonexistent DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 setsid setpriv --pdeathsig KILL --)
apart=(unshare --net --pid --mount --ipc --uts --cgroup --fork --kill-child=KILL)
powerless=(--no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig KILL --)
case $walls in
  root)
    exec "${alone[@]}" "${apart[@]}" --root="$jail" --wd=/ --mount-proc=/proc -- \
      /bin/setpriv --reuid "$uid" --regid "$uid" --clear-groups "${powerless[@]}" "${deno[@]}"
    ;;
  user)
    exec "${alone[@]}" "${apart[@]}" --user --map-root-user -- sh -c '
      mount --bind "$0" "$0" && mount -o remount,bind,ro,nosuid,nodev "$0" && mount -t proc -o nosuid,nodev,noexec proc "$0/proc" && exec chroot "$0" "$@"' \
      "$jail" /bin/setpriv "${powerless[@]}" "${deno[@]}"
    ;;
  bare)
    identity=()
    [[ $EUID -eq 0 ]] && identity=(--reuid "$uid" --regid "$uid" --clear-groups --bounding-set=-all --inh-caps=-all)
    exec "${alone[@]}" setpriv "${identity[@]}" --no-new-privs --pdeathsig KILL -- "${deno[@]}"
    ;;
esac
