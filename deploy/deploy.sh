#!/usr/bin/env bash
# Brings a release into service without a failed request, and takes it out again when it is not healthy.
#   deploy.sh [--root DIR] [--dry-run] [--allow-breaking] [--keep N] [--timeout SECONDS] RELEASE
#   deploy.sh [--root DIR] --status
# RELEASE: a folder that scripts/install.sh made, or a .tar.gz of one. What is deployed where is in ROOT/deploy.conf;
# docs/deployment.md tells how that is written.
set -euo pipefail

root=/opt/tradeassist
dry_run=false allow_breaking=false only_status=false
keep=5 timeout=60 source=''
conf_keep='' conf_timeout=''

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for hint in "$@"; do [ -z "$hint" ] || printf '       %s\n' "$hint" >&2; done
  exit 1
}
usage() {
  sed -n '2,6s/^# \{0,1\}//p' "$0"
  exit "${1:-0}"
}

while [ $# -gt 0 ]; do
  case $1 in
    --root) root=${2:?--root needs a folder}; shift ;;
    --keep) conf_keep=${2:?--keep needs a number}; shift ;;
    --timeout) conf_timeout=${2:?--timeout needs seconds}; shift ;;
    --dry-run) dry_run=true ;;
    --allow-breaking) allow_breaking=true ;;
    --status) only_status=true ;;
    -h | --help) usage ;;
    -*) fail "unknown option $1" "See: deploy.sh --help" ;;
    *) [ -z "$source" ] || fail "one RELEASE at a time"; source=$1 ;;
  esac
  shift
done

# --- What is deployed where: defaults, then ROOT/deploy.conf ---

manager=process       # process: started by this script; systemd: tradeassist.service, or tradeassist@PORT
serve_arguments=()    # of `tradeassist serve`: --config, --listen, --database, …
data=/var/lib/tradeassist # with ports: a folder for each in it
url=http://127.0.0.1:8080
ports=()              # two or more servers of one PostgreSQL database, behind a proxy
upstream_file=/etc/nginx/tradeassist/upstream.conf
proxy_reload=(nginx -s reload)
proxy_pid_file=/run/nginx.pid # of nginx, whose old workers are waited for
proxy_seconds=2       # that another proxy, without that file, takes to reload
run_as=''             # the user of the server, where this script runs as root
smoke_paths=(/livez)  # what has to be answered with 200 beside /readyz
key_file=''           # a file with an API key for them
backup_command=()     # before the switch; empty: `tradeassist backup` where the release has it
free_mb=500           # that must be free for the release and the data

root=$(realpath -m "$root")
[ ! -e "$root/deploy.conf" ] || . "$root/deploy.conf"
keep=${conf_keep:-$keep} timeout=${conf_timeout:-$timeout}
[[ $keep =~ ^[1-9][0-9]*$ ]] || fail "--keep must be a number from 1 on, is '$keep'"
[[ $timeout =~ ^[1-9][0-9]*$ ]] || fail "--timeout must be a number of seconds, is '$timeout'"
case $manager in process | systemd) ;; *) fail "$root/deploy.conf: manager must be process or systemd, is '$manager'" ;; esac

# In the place of this script's process and not as a child of another, so that its number is the server's.
as_user=()
if [ -n "$run_as" ] && [ "$(id -un)" != "$run_as" ]; then
  as_user=(setpriv --reuid "$run_as" --regid "$(id -g "$run_as")" --init-groups
    env "HOME=$(getent passwd "$run_as" | cut -d: -f6)" "USER=$run_as" "LOGNAME=$run_as")
fi

# --- What is there ---

# current_release: its name; nothing before the first.
current_release() { [ ! -L "$root/current" ] || basename "$(readlink "$root/current")"; }

# data_of PORT: the data directory of one server.
data_of() { echo "$data${1:+/$1}"; }

# url_of PORT
url_of() { [ -n "$1" ] && echo "http://127.0.0.1:$1" || echo "$url"; }

# server_process PORT: the number of the server that has the data directory; nothing where none runs.
server_process() {
  local process
  process=$(head -n 1 "$(data_of "$1")/server.lock" 2>/dev/null) || return 0
  [ -z "$process" ] || [ ! -e "/proc/$process/exe" ] || ! [[ $(readlink "/proc/$process/exe") == */tradeassist* ]] ||
    echo "$process"
}

# release_of_server PORT: the release whose program the server runs.
release_of_server() {
  local process program
  process=$(server_process "$1")
  [ -n "$process" ] || return 0
  program=$(readlink "/proc/$process/exe") || return 0
  program=${program#"$root/releases/"}
  echo "${program%%/*}"
}

# answers URL: whether it is answered with 200.
answers() {
  local options=(--silent --output /dev/null --max-time 5 --write-out '%{http_code}')
  # Not as an argument, so that the key is in no list of processes.
  [ -z "$key_file" ] || options+=(--header @-)
  [ "$({ [ -z "$key_file" ] || printf 'Authorization: Bearer %s\n' "$(cat "$key_file")"; } |
    curl "${options[@]}" "$1" 2>/dev/null)" = 200 ]
}

is_healthy() { # PORT
  local path
  for path in /readyz "${smoke_paths[@]}"; do answers "$(url_of "$1")$path" || return 1; done
}

show_status() {
  local port name
  printf 'current release: %s\n' "$(current_release)"
  for port in "${ports[@]:-}"; do
    name=$(release_of_server "$port")
    printf 'server %s: %s\n' "$(url_of "$port")" \
      "$([ -z "$name" ] && echo 'does not run' || { is_healthy "$port" && echo "$name, healthy" || echo "$name, not healthy"; })"
  done
  for name in "$root"/releases/*/; do [ ! -d "$name" ] || printf 'release: %s\n' "$(basename "$name")"; done
}

if $only_status; then
  show_status
  exit 0
fi
[ -n "$source" ] || usage 2

# --- Steps ---

program_of() { echo "$root/releases/$1/bin/tradeassist"; }

# Options of the commands that open the data, out of those of `serve`.
data_arguments() {
  local i=0 count=${#serve_arguments[@]}
  while [ "$i" -lt "$count" ]; do
    case ${serve_arguments[i]} in
      --config | --database) printf '%s\0' "${serve_arguments[i]}" "${serve_arguments[i + 1]}"; i=$((i + 1)) ;;
      --config=* | --database=*) printf '%s\0' "${serve_arguments[i]}" ;;
    esac
    i=$((i + 1))
  done
}

# Puts the release into ROOT/releases, whole or not at all; sets `release`.
stage() {
  local folder=$source unpacked=''
  umask 022
  mkdir -p "$root/releases"
  install -d -m 0700 "$root/log" # the first start of a server says its first key there
  if [ -f "$source" ]; then
    unpacked=$(mktemp -d "$root/releases/.unpacked-XXXXXX")
    tar -xzf "$source" -C "$unpacked" --no-same-owner || { rm -rf "$unpacked"; fail "$source cannot be unpacked"; }
    folder=$unpacked
    [ -d "$folder/bin" ] || folder=$(find "$unpacked" -mindepth 2 -maxdepth 2 -type d -name bin -printf '%h' -quit)
  fi
  if [ ! -x "$folder/bin/tradeassist" ] || [ ! -s "$folder/share/tradeassist/release" ]; then
    rm -rf "$unpacked"
    fail "$source is no release" "Make one: scripts/install.sh --prefix FOLDER"
  fi
  release=$(head -n 1 "$folder/share/tradeassist/release")
  if ! [[ $release =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]]; then
    rm -rf "$unpacked"
    fail "$source: '$release' is no name of a release"
  fi
  if [ -d "$root/releases/$release" ]; then
    say "release $release is there already"
  else
    rm -rf "$root/releases/.$release.part"
    cp -a "$folder" "$root/releases/.$release.part"
    mv -T "$root/releases/.$release.part" "$root/releases/$release"
    say "release $release is in $root/releases"
  fi
  rm -rf "$unpacked"
}

# What would go wrong later, found before anything changes.
check_before() {
  local program folder free output
  program=$(program_of "$release")
  output=$("${as_user[@]}" "$program" --version 2>&1) ||
    fail "release $release does not run here: $output" \
      "Install what it needs: apt-get install \$(cat $root/releases/$release/share/tradeassist/packages)"
  output=$("${as_user[@]}" "$program" config --data "$data" "${serve_arguments[@]}" 2>&1 >/dev/null) ||
    fail "the configuration is not good for release $release" "$output"
  [ -z "$key_file" ] || [ -s "$key_file" ] || fail "$key_file (key_file): there is no key in it"
  for folder in "$root" "$data"; do
    [ -d "$folder" ] || continue
    free=$(df -Pm "$folder" | awk 'NR == 2 {print $4}')
    [ "$free" -ge "$free_mb" ] || fail "$folder has $free MB free, and $free_mb are wanted" "Remove what is not needed."
  done
  say "checked: the program runs, the configuration is good, there is disk space"
}

back_up() {
  local program command=("${backup_command[@]}")
  program=$(program_of "$release")
  if [ ${#command[@]} -eq 0 ]; then
    "$program" backup --help >/dev/null 2>&1 || return 0
    [ -e "$root/current" ] || return 0 # the first release has nothing to lose
    [ -d "$root/backups" ] || install -d -m 0700 ${as_user[@]:+-o "$run_as"} "$root/backups"
    command=("$program" backup --data "$(data_of "${ports[0]:-}")" --backups "$root/backups" "${open_arguments[@]}")
  fi
  say "backup: ${command[*]}"
  "${as_user[@]}" "${command[@]}" >>"$root/log/deploy.log" 2>&1 ||
    fail "the backup failed; nothing was changed" "See $root/log/deploy.log"
}

# The schema grows before the switch, while the old release works with it.
migrate() {
  local program port=${ports[0]:-}
  program=$(program_of "$release")
  if "${as_user[@]}" "$program" migrate --plan --data "$(data_of "$port")" "${open_arguments[@]}" \
    >"$root/log/migration-plan" 2>>"$root/log/deploy.log"; then
    "${as_user[@]}" "$program" migrate --data "$(data_of "$port")" "${open_arguments[@]}" >>"$root/log/deploy.log" 2>&1 ||
      fail "the migration failed; the old release goes on" "See $root/log/deploy.log"
    say "the schema is that of release $release"
  elif [ ! -s "$root/log/migration-plan" ]; then
    fail "the schema cannot be read; nothing was changed" "See $root/log/deploy.log"
  elif $allow_breaking; then
    is_breaking=true
    say "the schema changes in a way that the old release does not know (--allow-breaking):"
    sed 's/^/          /' "$root/log/migration-plan"
  else
    sed 's/^/       /' "$root/log/migration-plan" >&2
    fail "release $release changes the schema in a way that the old one does not know" \
      "Deploy a release between them, or pass --allow-breaking: then a rollback may need the backup."
  fi
}

# point_to RELEASE: `current`, in one step.
point_to() {
  ln -sfn "releases/$1" "$root/.current.new"
  mv -T "$root/.current.new" "$root/current"
}

# Waits until the server of PORT is another process than OLD, runs the release and is healthy; false after the timeout,
# or when PROCESS has ended.
wait_for_health() { # RELEASE PORT OLD PROCESS
  local end=$((SECONDS + timeout)) process
  while [ $SECONDS -lt $end ]; do
    # Of the same process before and after: in between, a server that ends leaves its callers to the one before it.
    process=$(server_process "$2")
    if [ -n "$process" ] && [ "$process" != "$3" ] && [ "$(release_of_server "$2")" = "$1" ] && is_healthy "$2" &&
      [ "$(server_process "$2")" = "$process" ]; then return 0; fi
    [ -z "$4" ] || kill -0 "$4" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# start_process RELEASE PORT: a server that follows the one that runs, where one does; sets `started`.
start_process() {
  local arguments=("${serve_arguments[@]}" --data "$(data_of "$2")")
  [ -z "$2" ] || arguments+=(--listen "127.0.0.1:$2")
  # Not our lock, nor our terminal.
  setsid "${as_user[@]}" "$(program_of "$1")" serve "${arguments[@]}" --take-over \
    >>"$root/log/serve${2:+-$2}.log" 2>&1 </dev/null 9>&- &
  started=$!
}

# proxy_workers: the processes of nginx that take connections.
proxy_workers() {
  local master worker title
  master=$(cat "$proxy_pid_file" 2>/dev/null) || return 0
  for worker in $(cat "/proc/$master/task/$master/children" 2>/dev/null); do
    title=$({ tr -d '\0' <"/proc/$worker/cmdline"; } 2>/dev/null) || continue
    # One that is "shutting down" takes no more.
    [ "$title" != 'nginx: worker process' ] || echo "$worker"
  done
}

# reload_proxy: returns when no connection comes to what the proxy asked before. A reload only begins with that: for a
# while nginx' old workers take connections beside the new ones.
reload_proxy() {
  local before worker now end=$((SECONDS + timeout))
  before=$(proxy_workers)
  "${proxy_reload[@]}" >>"$root/log/deploy.log" 2>&1 9>&- || { say "the proxy did not reload"; return 1; }
  if [ -z "$before" ]; then
    sleep "$proxy_seconds"
    return 0
  fi
  for worker in $before; do
    while now=" $(proxy_workers | tr '\n' ' ')" && [[ $now == *" $worker "* ]]; do
      [ $SECONDS -lt $end ] || { say "the proxy did not reload within $timeout s"; return 1; }
      sleep 0.02
    done
  done
}

# write_upstream PORT: what the proxy asks; the server on PORT, if any, rests.
write_upstream() {
  local port
  for port in "${ports[@]}"; do
    if [ "$port" = "$1" ]; then
      echo "server 127.0.0.1:$port down;"
    else
      echo "server 127.0.0.1:$port max_fails=0;" # the last one that is left is asked whatever it answered
    fi
  done >"$upstream_file.part" && mv "$upstream_file.part" "$upstream_file" || {
    say "$upstream_file cannot be written"
    return 1
  }
  reload_proxy
}

# put_in_service RELEASE PORT: the server of PORT, or the only one, runs the release and is healthy.
put_in_service() {
  local old
  started='' old=$(server_process "$2")
  if [ "$manager" = systemd ]; then
    systemctl restart "tradeassist${2:+@$2}.service" >>"$root/log/deploy.log" 2>&1 9>&- || return 1
  else
    start_process "$1" "$2"
  fi
  if wait_for_health "$1" "$2" "$old" "$started"; then return 0; fi
  # What hangs or is not healthy gives way to the one before it, which goes on where it still can.
  if [ -n "$started" ] && kill -0 "$started" 2>/dev/null && [ "$(server_process "$2")" != "$started" ]; then
    kill -KILL "$started" 2>/dev/null || true
  fi
  return 1
}

# replace RELEASE PORT: the same, with the proxy asking the others meanwhile.
replace() {
  if [ -n "$2" ]; then write_upstream "$2" || return 1; fi
  put_in_service "$1" "$2" || return 1
  if [ -n "$2" ]; then write_upstream '' || return 1; fi
}

roll_back() {
  local port failed=false
  say "release $release is not healthy: back to $before"
  point_to "$before"
  for port in "${touched[@]}"; do
    if [ "$(release_of_server "$port")" = "$before" ] && is_healthy "$port"; then
      say "server $(url_of "$port"): $before went on"
      [ -z "$port" ] || write_upstream '' || failed=true
    elif replace "$before" "$port"; then
      say "server $(url_of "$port"): $before again"
    else
      failed=true
      say "server $(url_of "$port"): $before is NOT healthy either"
    fi
  done
  if $failed; then
    fail "the rollback to $before failed: the service needs hands" "Logs are in $root/log" \
      "$($is_breaking && echo "The schema was changed: restore the backup, or go back with $(program_of "$release") migrate --to N")"
  fi
  fail "release $release was not healthy; $before serves" "Logs are in $root/log"
}

# Keeps the newest, the current one, and the one before it.
prune() {
  local name number=0
  while IFS= read -r name; do
    number=$((number + 1))
    [ "$number" -gt "$keep" ] || continue
    [ "$name" != "$release" ] && [ "$name" != "$before" ] || continue
    rm -rf "${root:?}/releases/$name"
    say "removed old release $name"
  done < <(cd "$root/releases" && find . -mindepth 1 -maxdepth 1 -type d -not -name '.*' -printf '%T@ %f\n' |
    sort -rn | cut -d' ' -f2-)
}

# --- The deployment ---

mapfile -d '' -t open_arguments < <(data_arguments)
if $dry_run; then
  echo "would deploy $source in $root (now: $(current_release))"
  echo "  check that it runs, the configuration, ${free_mb} MB of free disk"
  echo "  make a backup: ${backup_command[*]:-tradeassist backup, where the release has it}"
  echo "  migrate the schema, if the old release goes on with it$($allow_breaking && echo ', or if it does not')"
  for port in "${ports[@]:-}"; do
    if [ -n "$port" ]; then
      echo "  take the server on port $port out of $upstream_file, replace it, take it in again"
    elif [ "$manager" = systemd ]; then
      echo "  switch $root/current, then: systemctl restart tradeassist.service"
    else
      echo "  switch $root/current, then start a server that takes over from the one that runs"
    fi
  done
  echo "  check /readyz ${smoke_paths[*]}, for up to $timeout s; go back where that fails"
  echo "  keep $keep releases"
  exit 0
fi

mkdir -p "$root"
exec 9>"$root/deploy.lock"
flock -n 9 || fail "another deployment is in work in $root"

began=$SECONDS
release='' is_breaking=false touched=() started=''
stage
before=$(current_release)
[ "$release" != "$before" ] || say "release $release is the current one; it is started again"
check_before
back_up
migrate
point_to "$release"
for port in "${ports[@]:-}"; do
  touched+=("$port")
  if ! replace "$release" "$port"; then
    if [ -z "$before" ]; then fail "release $release is not healthy, and there is none before it" "Logs are in $root/log"; fi
    roll_back
  fi
  say "server $(url_of "$port"): $release serves"
done
touch "$root/releases/$release"
prune
say "done: ${before:-nothing} -> $release in $((SECONDS - began)) s"
