# The servers that tests use: PostgreSQL and Redis, in a temporary folder, on Unix sockets and free ports of the loopback
# address, as an unprivileged user. Sourced; stops them when the shell that started them ends.

servers_folder=''

# as_server_user COMMAND…: PostgreSQL refuses to run as root.
as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stop_servers() {
  [ -n "$servers_folder" ] || return 0
  as_server_user "$postgres_bin/pg_ctl" -D "$servers_folder/postgres" -m immediate stop >/dev/null 2>&1 || true
  [ ! -e "$servers_folder/redis.pid" ] || kill "$(cat "$servers_folder/redis.pid")" 2>/dev/null || true
  rm -rf "$servers_folder"
  servers_folder=''
}

# start_servers: sets TRADEASSIST_TEST_POSTGRES and TRADEASSIST_TEST_REDIS for the tests.
start_servers() {
  step "Starting PostgreSQL and Redis for the tests"
  postgres_bin=$(dpkg -L postgresql-15 | grep '/bin/initdb$')
  postgres_bin=${postgres_bin%/initdb}
  servers_folder=$(mktemp -d)
  chmod 711 "$servers_folder"
  trap stop_servers EXIT
  local port
  port=$(free_port)
  mkdir "$servers_folder/postgres" "$servers_folder/socket"
  [ "$(id -u)" -ne 0 ] || chown postgres "$servers_folder/postgres" "$servers_folder/socket"
  quietly postgres-init.log as_server_user "$postgres_bin/initdb" -D "$servers_folder/postgres" -U tradeassist \
    --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions || fail "PostgreSQL could not be set up"
  # What is tested is our side: the server of a test need not survive a power cut.
  quietly postgres-start.log as_server_user "$postgres_bin/pg_ctl" -D "$servers_folder/postgres" -w -t 60 \
    -l "$servers_folder/socket/postgres.log" \
    -o "-p $port -h 127.0.0.1 -k $servers_folder/socket -c fsync=off -c max_connections=200" start ||
    fail "PostgreSQL did not start" "See build/logs/postgres-start.log"
  export TRADEASSIST_TEST_POSTGRES="postgresql://tradeassist@127.0.0.1:$port/postgres"
  port=$(free_port)
  redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --daemonize yes \
    --pidfile "$servers_folder/redis.pid" --dir "$servers_folder" >build/logs/redis.log ||
    fail "Redis did not start" "See build/logs/redis.log"
  export TRADEASSIST_TEST_REDIS="redis://127.0.0.1:$port"
}
