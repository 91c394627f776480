# shellcheck shell=bash
# Sourced by up.sh and down.sh: where the lab keeps its state, and the settings a client needs to reach its engine.
STATE=$(realpath -m "${1:-${LAYERWISE_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/layerwise-lab}}")
export PATH=$STATE/root/usr/sbin:$STATE/root/usr/bin:$PATH
export DOCKER_CONFIG=$STATE/client DOCKER_HOST=unix://$STATE/docker.sock

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
die() { echo "lab: $*" >&2; exit 2; }
