#!/usr/bin/env bash
# Makes a release of what is built: a folder that can be moved and copied to other machines.
#   scripts/install.sh --prefix FOLDER [--release NAME] [--build build/release]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

prefix='' release='' build=build/release
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2:?--prefix needs a folder}; shift ;;
    --release) release=${2:?--release needs a name}; shift ;;
    --build) build=${2:?--build needs a folder}; shift ;;
    *) fail "unknown option $1" "usage: scripts/install.sh --prefix FOLDER [--release NAME] [--build FOLDER]" ;;
  esac
  shift
done
[ -n "$prefix" ] || fail "--prefix is missing" "usage: scripts/install.sh --prefix FOLDER [--release NAME]"
[ -x "$build/tradeassist" ] || fail "$build/tradeassist is missing" "Build it first: ./run --no-serve"
[ -e web/dist/index.html ] || fail "the web page is not built" "Build it first: ./run --no-serve"
if [ -z "$release" ]; then
  release=$("$build/tradeassist" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  release+=-$(git rev-parse --short=12 HEAD 2>/dev/null || date -u +%Y%m%d%H%M%S)
fi
[[ $release =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] ||
  fail "'$release' is no name of a release" "Use letters, digits, '.', '_' and '-'."

# needed_packages: those whose libraries the program is linked with, and what it reads.
needed_packages() {
  local library path
  for library in $(readelf -d "$build/tradeassist" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    path=$(ldd "$build/tradeassist" | awk -v name="$library" '$1 == name {print $3}')
    # Debian lists a library under /lib or under /usr/lib, which are the same folder.
    { dpkg -S "$path" || dpkg -S "/usr$path" || dpkg -S "$(realpath "$path")"; } 2>/dev/null | head -n 1 | cut -d: -f1
  done | sort -u
  printf '%s\n' ca-certificates fonts-dejavu-core tzdata
}

step "Installing release $release in $prefix"
cmake --install "$build" --prefix "$prefix" --strip >/dev/null || fail "cmake --install failed"
needed_packages >"$prefix/share/tradeassist/packages"
echo "$release" >"$prefix/share/tradeassist/release"
