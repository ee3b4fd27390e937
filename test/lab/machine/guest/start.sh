#!/bin/sh
# Runs the job of the lab's machine: as first process (init=), where it also mounts what systemd would, or as
# systemd's last unit. It never returns; the machine is switched off when the job is done.
export PATH=/tools/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root

port() { # the device of the virtio-serial port with this name
  for port in /sys/class/virtio-ports/*; do
    if [ "$(cat "$port/name" 2>/dev/null)" = "$1" ]; then echo "/dev/${port##*/}"; fi
  done
}

off() {
  sync
  echo o > /proc/sysrq-trigger
  sleep 60
}

if [ $$ = 1 ]; then
  mkdir -p /dev/pts /dev/shm /dev/net
  mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
  mount -t tmpfs tmpfs /dev/shm
  mount -t tmpfs -o mode=755 tmpfs /run
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  [ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
  ln -sf /proc/self/fd /dev/fd
  ln -sf fd/0 /dev/stdin
  ln -sf fd/1 /dev/stdout
  ln -sf fd/2 /dev/stderr
  mkdir -p /run/lock /run/netns
  ip link set lo up
fi

mkdir -p /tools /meshover
mount -t ext4 LABEL=tools /tools
mount --bind /job/meshover /meshover
export DENO_DIR=/tools/deno_dir DENO_NO_UPDATE_CHECK=1
. /job/env
cd "${LAB_CWD:-/meshover}" || off

if [ -e /job/shell ]; then
  # A login shell sets a path of its own: what is looked for first is put where it finds it.
  ln -sf /tools/bin/* /usr/local/bin/
  cat > /usr/local/bin/meshover << 'END'
#!/bin/sh
if [ -x /meshover/dist/meshover ]; then exec /meshover/dist/meshover "$@"; fi
exec deno run --quiet --no-prompt --cached-only --config /meshover/deno.json --allow-net --allow-read --allow-write --allow-env \
  --allow-run --allow-sys --allow-ffi /meshover/main.ts "$@"
END
  chmod 755 /usr/local/bin/meshover
  echo lab > /proc/sys/kernel/hostname
  stty -F /dev/hvc0 sane rows "${LINES:-24}" cols "${COLUMNS:-80}"
  setsid --ctty --wait bash -l < /dev/hvc0 > /dev/hvc0 2>&1
  code=$?
else
  # A port can be opened once only, so one descriptor is handed down. The line tells the host that the machine is up.
  exec 3> "$(port output)"
  printf '\001ready\n' >&3
  sh /job/command < /dev/null >&3 2>&1 3>&-
  code=$?
fi

results=$(port results)
if [ -n "$results" ]; then tar --ignore-failed-read -cf "$results" -C / -T /job/collect 2>/dev/null; fi
echo "exit $code" > "$(port control)"
off
