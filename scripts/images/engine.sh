#!/usr/bin/env bash
# Makes a Docker engine answer on a Debian machine without one: installs what is missing and starts `dockerd`.
# Needs root. Says what it did; ends with 0 when an engine answers, with 69 when none can be had.
set -euo pipefail

log=${DOCKERD_LOG:-/var/log/dockerd.log}

say() { echo "engine: $*"; }
unavailable() { say "no Docker engine: $*"; exit 69; }
answers() { timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null; }

install_missing() {
  local packages=()
  command -v dockerd >/dev/null || packages+=(docker.io)
  command -v iptables >/dev/null || packages+=(iptables)
  docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || packages+=(docker-compose)
  command -v debootstrap >/dev/null || packages+=(debootstrap)
  [ ${#packages[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || unavailable "${packages[*]} are missing and this machine has no apt-get"
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates "${packages[@]}" >/dev/null ||
    unavailable "apt-get could not install ${packages[*]}"
}

start_engine() {
  # A pid file of an engine that a reboot or a kill ended keeps the next one from starting.
  if ! pgrep -x dockerd >/dev/null; then rm -f /var/run/docker.pid; fi
  setsid dockerd >"$log" 2>&1 </dev/null &
  local pid=$!
  for _ in $(seq 60); do
    if version=$(answers); then
      say "started dockerd $version, pid $pid, log $log"
      return
    fi
    kill -0 "$pid" 2>/dev/null || unavailable "dockerd ended; the end of $log: $(tail -n 3 "$log")"
    sleep 0.5
  done
  unavailable "dockerd does not answer within 30 s; its log is $log"
}

if [ "$(id -u)" -eq 0 ]; then
  install_missing
elif ! command -v docker >/dev/null || ! answers >/dev/null; then
  unavailable "installing and starting one needs root"
fi
if version=$(answers); then
  say "Docker $version answers already"
else
  start_engine
fi
