#!/bin/bash
# builder.sh [STATE]: after up.sh, a registry on loopback that holds every image of the engine, and a buildkitd of its own that takes docker.io, gcr.io
# and ghcr.io from there: what a team with remote builders has. Names with a digest resolve to the stand-ins, attestations and registry caches work.
# The engine's client knows it as the builder «lab» (driver remote), and a second one in a container of the engine as «boxed» (driver
# docker-container), as CI services set one up. What runs already is kept.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=state.sh
. "$HERE/state.sh"
# shellcheck source=debian.sh
. "$HERE/debian.sh"

docker version >/dev/null 2>&1 || die "the engine does not run: bash test/lab/up.sh comes first"
mkdir -p "$STATE"/registry "$STATE"/buildkitd

[ -e "$STATE/root/usr/bin/docker-registry" ] || {
  unpack $ENGINE_SUITE "$STATE/root" docker-registry
  say "registry unpacked"
}
[ -e "$STATE/root/usr/bin/buildctl" ] || {
  (cd "$HERE/frontend" && CGO_ENABLED=0 go build -trimpath -o "$STATE/root/usr/bin/" github.com/moby/buildkit/cmd/buildkitd github.com/moby/buildkit/cmd/buildctl)
  say "buildkitd compiled"
}

# A port that is free now, on loopback alone; the same as long as the registry runs.
alive() { [ -e "/proc/$1/cmdline" ] && grep -qF "$STATE" "/proc/$1/cmdline"; }
alive "$(cat "$STATE/registry/pid" 2>/dev/null || echo none)" || {
  PORT=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  echo "$PORT" > "$STATE/registry/port"
  printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: %s/registry/data}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$STATE" "$PORT" > "$STATE/registry/config.yml"
  setsid docker-registry serve "$STATE/registry/config.yml" > "$STATE/registry/log" 2>&1 < /dev/null &
  echo $! > "$STATE/registry/pid"
  for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && break; sleep 0.1; done
  say "registry listens on loopback"
}
PORT=$(cat "$STATE/registry/port")

# docker.io/library/x, gcr.io/y and ghcr.io/z are asked for as library/x, y and z.
docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -v -e '<none>' -e '^127\.' -e '^layerwise-' -e '^lab-' -e '^moby/buildkit' | while read -r image; do
  case $image in gcr.io/* | ghcr.io/*) path=${image#*/} ;; */*) path=$image ;; *) path=library/$image ;; esac
  docker tag "$image" "127.0.0.1:$PORT/$path"
  docker push --quiet "127.0.0.1:$PORT/$path" >/dev/null
  docker image rm "127.0.0.1:$PORT/$path" >/dev/null
done
say "registry holds the stand-ins"

alive "$(cat "$STATE/buildkitd/pid" 2>/dev/null || echo none)" && grep -qF "127.0.0.1:$PORT" "$STATE/buildkitd/buildkitd.toml" && grep -qF ghcr.io "$STATE/buildkitd/buildkitd.toml" || {
  cat > "$STATE/buildkitd/buildkitd.toml" <<T
[worker.oci]
  enabled = true
  networkMode = "host"
[worker.containerd]
  enabled = false
[registry."docker.io"]
  mirrors = ["127.0.0.1:$PORT"]
[registry."gcr.io"]
  mirrors = ["127.0.0.1:$PORT"]
[registry."ghcr.io"]
  mirrors = ["127.0.0.1:$PORT"]
[registry."127.0.0.1:$PORT"]
  http = true
T
  old=$(cat "$STATE/buildkitd/pid" 2>/dev/null || echo none)
  ! alive "$old" || { kill "$old"; for _ in $(seq 100); do alive "$old" || break; sleep 0.1; done; }
  setsid buildkitd --config "$STATE/buildkitd/buildkitd.toml" --allow-insecure-entitlement network.host --root "$STATE/buildkitd/root" \
    --addr "unix://$STATE/buildkitd.sock" > "$STATE/buildkitd/log" 2>&1 < /dev/null &
  echo $! > "$STATE/buildkitd/pid"
  for _ in $(seq 100); do [ -S "$STATE/buildkitd.sock" ] && break; sleep 0.1; done
  [ -S "$STATE/buildkitd.sock" ] || die "buildkitd did not start; the last lines of $STATE/buildkitd/log:
$(tail -5 "$STATE/buildkitd/log")"
  say "buildkitd started"
}
docker buildx inspect lab >/dev/null 2>&1 || docker buildx create --name lab --driver remote "unix://$STATE/buildkitd.sock" >/dev/null

# The image that the driver takes: the same programs, and what runc is linked with.
docker image inspect moby/buildkit:buildx-stable-1 >/dev/null 2>&1 || {
  box=$(mktemp -d -p "$STATE/make")
  cp "$STATE"/root/usr/bin/{buildctl,buildkitd} "$STATE/root/usr/sbin/runc" "$box/"
  cp -L "$(ldd "$box/runc" | awk '/libseccomp/ { print $3 }')" "$box/"
  printf 'FROM debian:trixie-slim\nCOPY buildctl buildkitd runc /usr/bin/\nCOPY libseccomp.so.2 /usr/lib/x86_64-linux-gnu/\nENTRYPOINT ["buildkitd"]\n' |
    docker build --quiet --tag moby/buildkit:buildx-stable-1 --file - "$box" >/dev/null
  rm -rf "$box"
  say "moby/buildkit"
}
# It keeps the settings that it was made with, the registry's port among them.
boxed=$(cat "$STATE/buildkitd/boxed" 2>/dev/null || true)
[ "$boxed" = "$PORT" ] && docker buildx inspect boxed 2>/dev/null | grep -q '^Status: *running' || {
  docker buildx rm --force boxed >/dev/null 2>&1 || true
  docker buildx create --name boxed --driver docker-container --driver-opt network=host --buildkitd-config "$STATE/buildkitd/buildkitd.toml" \
    --buildkitd-flags '--allow-insecure-entitlement network.host' --bootstrap >/dev/null 2>&1
  echo "$PORT" > "$STATE/buildkitd/boxed"
}
say "ready: the builders «lab» and «boxed»"
