/** The functions of the install script, in POSIX shell: `dash`, `bash` and `busybox sh` run it. */
export const scriptFunctions = `
folder=/usr/local/lib/drover-agent
data=\${DROVER_AGENT_DATA:-/var/lib/drover-agent}
log=/var/log/drover-agent.log
image=drover-agent:$version

say() { printf '%s\\n' "$*"; }
fail() {
  printf 'drover-agent: %s\\n' "$*" >&2
  exit 1
}

main() {
  [ "$(uname -s)" = Linux ] || fail 'hosts run Linux'
  [ "$(id -u)" = 0 ] || fail 'paste the line as root: sudo -i opens such a shell'
  for program in curl sha256sum; do
    command -v "$program" >/dev/null 2>&1 || fail "this machine has no $program: install it and paste the line again"
  done
  case $data\${DOCKER_HOST:-} in
    *[!A-Za-z0-9_./:@-]*) fail 'DROVER_AGENT_DATA and DOCKER_HOST may hold letters, digits and _ . / : @ - only' ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) arch=x64 loader=/lib64/ld-linux-x86-64.so.2 node_sha256=$node_x64_sha256 ;;
    aarch64 | arm64) arch=arm64 loader=/lib/ld-linux-aarch64.so.1 node_sha256=$node_arm64_sha256 ;;
    *) fail "there is no agent for $(uname -m); hosts are x86_64 or aarch64" ;;
  esac
  [ -n "$node_sha256" ] || fail "this server has no agent for $arch: on it, run npm install --force --no-save node-linux-$arch@$node_version in Drover's folder and start it again"
  if [ "\${DROVER_AGENT:-}" = container ]; then as_container; else as_service; fi
}

# fetch NAME FILE: downloads from the server that the line pinned.
fetch() {
  curl -fsSk --pinnedpubkey "sha256//$pin" --retry 5 --retry-delay 2 -o "$2" "$server/agent/$1" ||
    fail "downloading $1 from $server failed; the line above says why"
}

# install_file NAME SHA256 FILE MODE: leaves a file alone that is as it should be.
install_file() {
  if [ -f "$3" ] && printf '%s  %s\\n' "$2" "$3" | sha256sum -c >/dev/null 2>&1; then return; fi
  fetch "$1" "$3.new"
  printf '%s  %s\\n' "$2" "$3.new" | sha256sum -c >/dev/null 2>&1 || fail "$1 came damaged; paste the line again"
  chmod "$4" "$3.new"
  mv -f "$3.new" "$3"
}

agent() { DROVER_AGENT_DATA=$data "$folder/node" --disable-warning=ExperimentalWarning "$folder/agent.mjs" "$@"; }

as_service() {
  [ -e "$loader" ] || fail 'this system has no glibc (it is musl, as on Alpine): take the line of drover host add --container, which runs the agent as a container'
  mkdir -p "$folder"
  say "Installing the agent $version in $folder"
  install_file "node-linux-$arch" "$node_sha256" "$folder/node" 755
  install_file agent.mjs "$agent_sha256" "$folder/agent.mjs" 644
  # A machine that joined already shows its key; it needs no token.
  [ -n "\${DROVER_JOIN:-}" ] || [ ! -s "$data/identity.json" ] || DROVER_JOIN=repair
  export DROVER_JOIN
  agent join --server "$server" --authority "$authority" || exit $?
  unset DROVER_JOIN
  # What is installed now goes before a build that the server sent earlier.
  rm -rf "$data/software"
  write_start_script
  write_uninstall_script
  if [ -d /run/systemd/system ]; then
    start_with_systemd
  elif [ -d /run/openrc ]; then
    start_with_openrc
  else
    start_detached
  fi
  wait_until_connected agent
}

write_start_script() {
  cat >"$folder/start" <<END
#!/bin/sh
# Starts the agent without an init system, and again whenever it ends. Started again, it takes the place of the one that runs.
if [ -f /run/drover-agent.pid ]; then
  pid=\\$(cat /run/drover-agent.pid)
  if grep -q drover-agent "/proc/\\$pid/cmdline" 2>/dev/null; then kill -- "-\\$pid" 2>/dev/null; fi
fi
[ "\\\${1:-}" = stop ] && { rm -f /run/drover-agent.pid; exit 0; }
export DROVER_AGENT_DATA='$data'\${DOCKER_HOST:+ DOCKER_HOST='$DOCKER_HOST'}
setsid sh -c 'echo \\$\\$ >/run/drover-agent.pid
while :; do
  $folder/node --disable-warning=ExperimentalWarning $folder/agent.mjs run
  sleep 2
done' </dev/null >>$log 2>&1 &
END
  chmod 755 "$folder/start"
}

write_uninstall_script() {
  cat >"$folder/uninstall" <<END
#!/bin/sh
# Takes the agent off this machine with its identity. Containers stay as they are.
if [ -d /run/systemd/system ]; then
  systemctl disable --now drover-agent 2>/dev/null
  rm -f /etc/systemd/system/drover-agent.service
  systemctl daemon-reload
elif [ -d /run/openrc ]; then
  rc-service drover-agent stop 2>/dev/null
  rc-update del drover-agent default 2>/dev/null
  rm -f /etc/init.d/drover-agent
else
  '$folder/start' stop
fi
rm -rf '$folder' '$data'
echo 'The agent is gone.'
END
  chmod 755 "$folder/uninstall"
}

start_with_systemd() {
  cat >/etc/systemd/system/drover-agent.service <<END
# Made by the install script of Drover; $folder/uninstall removes it.
[Unit]
Description=Drover agent
Wants=network-online.target
After=network-online.target docker.service

[Service]
ExecStart=$folder/node --disable-warning=ExperimentalWarning $folder/agent.mjs run
Environment=DROVER_AGENT_DATA=$data
\${DOCKER_HOST:+Environment=DOCKER_HOST=$DOCKER_HOST}
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
END
  systemctl daemon-reload
  systemctl enable drover-agent >/dev/null 2>&1 || fail 'systemd refuses to start the agent at boot'
  systemctl restart drover-agent
}

start_with_openrc() {
  cat >/etc/init.d/drover-agent <<END
#!/sbin/openrc-run
# Made by the install script of Drover; $folder/uninstall removes it.
description="Drover agent"
supervisor=supervise-daemon
command=$folder/node
command_args="--disable-warning=ExperimentalWarning $folder/agent.mjs run"
output_log=$log
error_log=$log
respawn_delay=2
respawn_max=0
export DROVER_AGENT_DATA=$data
\${DOCKER_HOST:+export DOCKER_HOST=$DOCKER_HOST}
depend() {
  use net
  after docker
}
END
  chmod 755 /etc/init.d/drover-agent
  rc-update add drover-agent default >/dev/null
  rc-service drover-agent restart >/dev/null
}

start_detached() {
  "$folder/start"
  say "Neither systemd nor OpenRC runs here: the agent was started, and logs to $log. Have $folder/start run at boot."
}

wait_until_connected() {
  tries=0
  until said=$("$@" status 2>&1); do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      say "$said"
      fail 'the agent does not reach the server yet; it goes on trying'
    fi
    sleep 0.5 2>/dev/null || sleep 1
  done
  say 'This machine is connected.'
}

contained() {
  # The token reaches the container by its environment, and is gone with it.
  docker run --rm --network host -e DROVER_JOIN -v drover-agent:/var/lib/drover-agent \\
    -v "$socket:/var/run/docker.sock" "$image" "$@"
}

in_container() { docker exec drover-agent $folder/node --disable-warning=ExperimentalWarning $folder/agent.mjs "$@"; }

as_container() {
  command -v docker >/dev/null 2>&1 || fail 'this machine has no docker'
  case \${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix://*) socket=\${DOCKER_HOST:-unix:///var/run/docker.sock} socket=\${socket#unix://} ;;
    *) fail "the agent as a container needs the engine's socket, and DOCKER_HOST is $DOCKER_HOST" ;;
  esac
  say "Loading the image $image"
  curl -fsSk --pinnedpubkey "sha256//$pin" --retry 5 --retry-delay 2 "$server/agent/image-$arch.tar" | docker load >/dev/null ||
    fail 'loading the image of the agent failed; the line above says why'
  DROVER_JOIN=\${DROVER_JOIN:-repair}
  export DROVER_JOIN
  contained join --server "$server" --authority "$authority" || exit $?
  unset DROVER_JOIN
  docker rm -f drover-agent >/dev/null 2>&1 || true
  root=$(docker info --format '{{.DockerRootDir}}')
  set -- -v "$root:$root:ro"
  [ ! -d /lib/modules ] || set -- "$@" -v /lib/modules:/lib/modules:ro
  docker run -d --name drover-agent --restart unless-stopped --network host -v drover-agent:/var/lib/drover-agent \\
    -v "$socket:/var/run/docker.sock" "$@" "$image" run >/dev/null
  wait_until_connected in_container
}`;
