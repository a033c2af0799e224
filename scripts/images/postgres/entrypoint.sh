#!/bin/sh
# Serves PostgreSQL as the official image does: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and PGDATA say what to make
# at the first start, and the arguments go to the server.
set -eu

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
data=${PGDATA:-/var/lib/postgresql/18/docker}

if [ "${1:-}" = postgres ]; then shift; fi

if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$data"
  chown -R postgres:postgres "$data"
  chmod 700 "$data"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$data/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'Error: POSTGRES_PASSWORD is not set' >&2
    exit 1
  fi
  password_file=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" >"$password_file"
  initdb -D "$data" --username="$user" --pwfile="$password_file" --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C --no-sync --no-instructions
  rm "$password_file"
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
  if [ "$database" != postgres ]; then
    echo "CREATE DATABASE \"$database\"" | postgres --single -D "$data" postgres
  fi
fi

exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
