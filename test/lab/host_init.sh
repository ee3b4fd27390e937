# Process 1 of a lab host. $1 is the host's name, $2 the command that starts meshover.
# It keeps the host alive for as long as its standard input is open, so that all of it (processes, devices, mounts)
# is gone when the lab ends, however it ends.
read -r pid rest < /proc/self/stat
set -e
mount -t proc proc /proc

# The sockets of FRR and wireguard-go are named alike on every host, so /run and /etc/frr are the host's own.
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/wireguard /run/lock /run/netns /run/meshover /run/lab/bin
if [ -d /etc/frr ]; then
  cp -a /etc/frr /run/etc-frr
  mount --bind /run/etc-frr /etc/frr
  install -d -o frr -g frr /run/frr
fi

# For people who look around: a shell, or a command, with meshover in its path.
cat > /run/lab/bin/meshover << END
#!/bin/sh
exec $2 "\$@"
END
cat > /run/lab/shell << 'END'
#!/bin/sh
export PATH="/run/lab/bin:$PATH" MESHOVER_STATEDIR=/run/meshover PS1='\h# '
[ $# -gt 0 ] || set -- bash --norc
exec "$@"
END
chmod 755 /run/lab/bin/meshover /run/lab/shell

sysctl -qw kernel.hostname="$1"
ip link set lo up
echo "$pid"
# SIGCHLD is ignored so that daemons that end do not stay as zombies.
exec env --ignore-signal=CHLD cat > /dev/null
