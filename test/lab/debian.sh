# shellcheck shell=bash
# Sourced after state.sh: packages of Debian, without installing any.
# The engine must know `docker build --check`; its Go binaries need no more than glibc 2.34.
ENGINE_SUITE=forky
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
DEBIAN_URI=${DEBIAN_URI:-$(grep -rhE '^(deb|URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' || true)}

# Files of Debian packages, through an apt configuration of our own, so that the machine's is not touched.
fetch() { # SUITE DIRECTORY PACKAGE…
  local suite=$1 to=$2 apt=$STATE/make/apt-$1
  shift 2
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$to"
  echo "deb [signed-by=$KEYRING] $DEBIAN_URI $suite main" > "$apt/sources.list"
  # A testing suite may be older than its Release file allows.
  local options=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache"
    -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$to" && apt-get "${options[@]}" download "$@")
}

unpack() { # SUITE ROOT PACKAGE…
  local debs root=$2
  debs=$(mktemp -d -p "$STATE/make")
  fetch "$1" "$debs" "${@:3}"
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$root"; done
  rm -rf "$debs"
}
