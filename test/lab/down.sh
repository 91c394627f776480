#!/bin/bash
# down.sh [STATE]: stop the lab's engine, its builder and registry, and drop their mounts. The state stays, so that the next up.sh takes seconds; `rm -rf STATE` frees the disk.
set -euo pipefail
# shellcheck source=state.sh
. "$(dirname "${BASH_SOURCE[0]}")/state.sh"

running() { [ -e "/proc/$1/stat" ] && [ "$(cut -d' ' -f3 "/proc/$1/stat")" != Z ]; }

pid=$(cat "$STATE/docker.pid" 2>/dev/null || true)
if [ -n "$pid" ] && running "$pid" && grep -qF "$STATE" "/proc/$pid/cmdline"; then
  kill "$pid"
  for _ in $(seq 150); do running "$pid" || break; sleep 0.1; done
  ! running "$pid" || die "the engine (process $pid) did not stop within 15 s"
fi
for each in buildkitd registry; do
  pid=$(cat "$STATE/$each/pid" 2>/dev/null || true)
  if [ -n "$pid" ] && running "$pid" && grep -qF "$STATE" "/proc/$pid/cmdline"; then
    kill "$pid"
    for _ in $(seq 100); do running "$pid" || break; sleep 0.1; done
    ! running "$pid" || die "$each (process $pid) did not stop within 10 s"
  fi
done
awk -v below="$STATE/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount "$mount"; done
say "engine stopped; state kept in $STATE"
