# Boots systemd in namespaces of this machine. $1 is "outer" or "inner", $2 the disk with the root file system, $3 a folder for
# what is written to it, $4 the host name, $5 the address of eth0, $6 the gateway, $7 a folder to find at /packages.
# All mounts are in a namespace of their own, so that nothing is left when the machine ends, however it ends.
set -e
if [ "$1" = outer ]; then
  mount --make-rprivate /
  mkdir -p "$3/cgroups"
  mount -t cgroup2 cgroup2 "$3/cgroups"
  # A group of its own: the services of two machines have the same names.
  group="$3/cgroups/meshover-lab-$$"
  mkdir "$group"
  echo $$ > "$group/cgroup.procs"
  echo "$group" > "$3/group"
  shift
  exec unshare -m -p -n -i -u -C --fork --kill-child sh "$BOOT" inner "$@"
fi
root=$3/root
mount --make-rprivate /
umount "$3/cgroups"
mkdir -p "$root" "$3/lower" "$3/upper" "$3/work"
mount -o ro,loop "$2" "$3/lower"
mount -t overlay -o "lowerdir=$3/lower,upperdir=$3/upper,workdir=$3/work" overlay "$root"
# The numbers of the machine's first process as the lab sees it, before /proc is the machine's own.
read -r pid rest < /proc/self/stat
cd "$root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  : > dev/$device
  mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm dev/net
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mknod dev/net/tun c 10 200
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p packages old
mount --bind "$7" packages
echo "$4" > etc/hostname
hostname "$4"
ip link set lo up
echo "$pid"
# The cable is laid from outside.
until ip link set eth0 up 2> /dev/null; do sleep 0.02; done
ip address add "$5" dev eth0
ip route add default via "$6"
pivot_root . old
umount -l old
# As systemd itself would do on a machine: services get their credentials by a mount that it makes elsewhere.
mount --make-rshared /
exec env -i container=lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --show-status=no
