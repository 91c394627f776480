#!/bin/bash
# podman.sh [STATE]: after builder.sh, the machine's own Debian's podman, unpacked, with settings and storage of its own, that takes docker.io
# and gcr.io from the lab's registry. Its command is STATE/podman/bin/podman.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=state.sh
. "$HERE/state.sh"
# shellcheck source=debian.sh
. "$HERE/debian.sh"

PORT=$(cat "$STATE/registry/port" 2>/dev/null) || die "there is no registry: bash test/lab/builder.sh comes first"
PODMAN=$STATE/podman
ROOT=$PODMAN/root
mkdir -p "$PODMAN"/{bin,run,storage,home/containers}
# Its programs are linked with the libraries of this machine, so they come from the same release.
[ -e "$ROOT/.complete" ] || {
  unpack "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$ROOT" podman conmon golang-github-containers-common netavark libgpgme11 libsubid4 libassuan0 libdevmapper1.02.1
  touch "$ROOT/.complete"
  say "podman unpacked"
}
# No systemd, no ulimits that the machine does not grant, and runc of the engine: crun needs one library more.
cat > "$PODMAN/containers.conf" <<T
[engine]
runtime = "runc"
conmon_path = ["$ROOT/usr/bin/conmon"]
helper_binaries_dir = ["$ROOT/usr/lib/podman"]
cgroup_manager = "cgroupfs"
events_logger = "file"
[engine.runtimes]
runc = ["$STATE/root/usr/sbin/runc"]
[containers]
default_ulimits = []
seccomp_profile = "$ROOT/usr/share/containers/seccomp.json"
T
printf 'unqualified-search-registries = ["docker.io"]\n' > "$PODMAN/registries.conf"
for prefix in docker.io gcr.io; do
  printf '[[registry]]\nprefix = "%s"\nlocation = "127.0.0.1:%s"\ninsecure = true\n' $prefix "$PORT"
done >> "$PODMAN/registries.conf"
printf '{"default": [{"type": "insecureAcceptAnything"}]}\n' > "$PODMAN/home/containers/policy.json"
printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' "$PODMAN/run" "$PODMAN/storage" > "$PODMAN/storage.conf"
cat > "$PODMAN/bin/podman" <<T
#!/bin/sh
export LD_LIBRARY_PATH=$ROOT/usr/lib/x86_64-linux-gnu:$ROOT/lib/x86_64-linux-gnu CONTAINERS_CONF=$PODMAN/containers.conf
export CONTAINERS_REGISTRIES_CONF=$PODMAN/registries.conf CONTAINERS_STORAGE_CONF=$PODMAN/storage.conf XDG_CONFIG_HOME=$PODMAN/home
case "\$1" in build | pull | push) verb=\$1; shift; set -- "\$verb" --signature-policy "$PODMAN/home/containers/policy.json" "\$@" ;; esac
exec $ROOT/usr/bin/podman "\$@"
T
chmod +x "$PODMAN/bin/podman"
say "ready: $("$PODMAN/bin/podman" --version)"
