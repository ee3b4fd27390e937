#!/bin/bash
# Tries the package and its units under real systemd: a controller and node "a" as services of the machine, node "b" by hand
# in a network namespace, with FRR on both and packets between them all the time. Prints a line a check; exit code 1 if one failed.
#   deno task deb && deno task lab --systemd --timeout 1500 -- bash test/lab/services/trial.sh
failed=0
check() { # description, command…
  local what=$1
  shift
  if "$@" > /tmp/check.log 2>&1; then
    echo "ok      $what"
  else
    echo "FAILED  $what: $(tail -3 /tmp/check.log | tr '\n' ' ')"
    failed=1
  fi
}
wait_for() { # seconds, command…
  local end=$(($(date +%s) + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.5
  done
}
or_stop() { # the rest makes no sense when this failed
  [ $failed = 0 ] || { journalctl --no-pager -u "$1" -o cat | tail -30; exit 1; }
}
shown() { systemctl show --property "$2" --value "$1"; }
pid_of() { shown "$1" MainPID; }
address_of() { "$@" ip -4 -o addr show dev dummy-meshover0 | awk '{ sub("/.*", "", $4); print $4 }'; }
agent=meshover-agent.service
controller=meshover-controller.service

echo "systemd $(systemctl --version | awk 'NR == 1 { print $2 }'), $(. /etc/os-release; echo "$PRETTY_NAME")"
check "the package installs" dpkg -i /meshover/dist/meshover_*.deb
for unit in $agent $controller; do
  check "systemd accepts $unit" systemd-analyze verify --man=no "/usr/lib/systemd/system/$unit"
  systemd-analyze security "$unit" --no-pager 2> /dev/null | tail -1
done

# b reaches the machine over a veth pair.
ip netns add b
ip link add to-b type veth peer name eth0 netns b
ip addr add 192.168.77.1/24 dev to-b && ip link set to-b up
ip netns exec b sh -c 'ip link set lo up; ip addr add 192.168.77.2/24 dev eth0; ip link set eth0 up; ip route add default via 192.168.77.1'

printf 'listen: "192.168.77.1:8080"\ninsecure-http: true\n' > /etc/meshover/controller.yaml
check "the controller starts and says that it is ready" systemctl start $controller
or_stop $controller
check "it runs as its own user" test "$(stat -c %U "/proc/$(pid_of $controller)")" = meshover
check "its state is its own" test "$(stat -c '%U %a' /var/lib/meshover-controller)" = "meshover 700"
shown $controller StatusText
check "the password is not in its environment or arguments" \
  sh -c "! tr '\\0' '\\n' < /proc/$(pid_of $controller)/environ | grep -qf /etc/meshover/controller-password &&
    ! tr '\\0' '\\n' < /proc/$(pid_of $controller)/cmdline | grep -qf /etc/meshover/controller-password"

url=http://192.168.77.1:8080
meshover token gen --controlserver $url --insecure-http --password-file /etc/meshover/controller-password | awk '{ print $2 }' > /etc/meshover/agenttoken
check "a token is made" test -s /etc/meshover/agenttoken
printf 'controlserver: [%s]\ninsecure-http: true\nhostname: a\nfrr: system\nunderlay: [to-b]\n' $url > /etc/meshover/agent.yaml
check "the agent starts and says that it is ready" systemctl start $agent
or_stop $agent
check "it makes its devices" wait_for 60 ip link show meshover0
# The sockets and files of FRR are named alike on every node.
cat > /tmp/as-b << 'END'
mount --make-rprivate /
cp -a /etc/frr /tmp/etc-frr-b && mount --bind /tmp/etc-frr-b /etc/frr
mount -t tmpfs tmpfs /run/frr && chown frr:frr /run/frr
exec "$@"
END
mkdir -p /run/frr
ip netns exec b unshare -m sh /tmp/as-b meshover agent --controlserver $url --insecure-http --agenttoken-file /etc/meshover/agenttoken \
  --hostname b --frr system --statedir /var/lib/b --underlay eth0 > /tmp/b.log 2>&1 &
b=$!
check "both nodes have a tunnel to each other" wait_for 120 sh -c \
  'ip -o link show | grep -q meshover0-tun && ip -n b -o link show | grep -q meshover0-tun'
tunnel=$(ip -o link show | awk -F'[ :@]+' '/meshover0-tun/ { print $2; exit }')
to=$(address_of ip netns exec b)
or_stop $agent
check "a reaches b" wait_for 180 ping -c 1 -W 1 "$to"

ping -i 0.2 -q "$to" > /tmp/ping.log &
ping=$!
before=$(pid_of $agent)
check "the agent reloads" systemctl reload $agent
check "the controller reloads" systemctl reload $controller
sleep 3
check "it is the same process afterwards" test "$(pid_of $agent)" = "$before"

mkdir -p /run/systemd/system/$agent.d
printf '[Service]\nWatchdogSec=10\n' > /run/systemd/system/$agent.d/trial.conf
systemctl daemon-reload
check "the agent restarts" systemctl restart $agent
before=$(pid_of $agent)
kill -STOP "$before"
check "the watchdog ends a hanging agent and systemd starts another" \
  wait_for 90 sh -c "p=\$(systemctl show -p MainPID --value $agent); [ \"\$p\" != $before ] && [ \"\$p\" != 0 ] && systemctl is-active $agent"
before=$(pid_of $agent)
check "the package is upgraded" dpkg -i --force-confold /meshover/dist/meshover_*.deb
check "by that the agent became another process" test "$(pid_of $agent)" != "$before"
check "and is active" wait_for 60 systemctl is-active --quiet $agent

check "the controller stops" systemctl stop $controller
check "the agent restarts without a controller" systemctl restart $agent
kill -INT $ping
wait $ping
cat /tmp/ping.log
# The request that is under way when ping is ended counts as lost.
check "all that time no packet was lost" awk '/packets transmitted/ { ok = $1 - $4 <= 1 } END { exit !ok }' /tmp/ping.log

systemctl stop $agent
check "the network outlives a stopped agent" ping -c 1 -W 2 "$to"
pkill -x 'zebra|bgpd|bfdd|mgmtd' --nslist net --ns $$
for device in "$tunnel" meshover0 dummy-meshover0; do ip link del "$device"; done
check "without a controller, devices and FRR, as after a reboot, the agent starts" systemctl start $agent
check "and builds the tunnel from what it remembers" wait_for 90 ip link show "$tunnel"
check "a reaches b again" wait_for 180 ping -c 1 -W 1 "$to"

check "the package is removed" dpkg -P meshover
check "and with it all devices" sh -c '! ip -o link show | grep meshover'
check "and all files" sh -c '! ls -d /etc/meshover /var/lib/meshover /var/lib/meshover-controller 2> /dev/null | grep .'
kill $b 2> /dev/null
if [ $failed = 1 ]; then
  tail -5 /tmp/b.log
  journalctl --no-pager -u $agent -u $controller -o cat | tail -40
fi
exit $failed
