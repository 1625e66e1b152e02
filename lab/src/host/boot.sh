# The first process of a host, inside its new namespaces. It builds the host's file system and turns into its init.
#   boot.sh ROOT WORK SOCKETS SHARED NAME CGROUPS INIT…
# ROOT is the root file system, only read; WORK keeps what the host writes; SOCKETS and SHARED are shared with the
# machine; CGROUPS lists hierarchies as FOLDER=OPTIONS, or is `unified`; INIT is the program that becomes the first process.
# The arguments come from the lab itself: no path has spaces or colons in it.
set -eu
root=$1 work=$2 sockets=$3 shared=$4 name=$5 cgroups=$6
shift 6

# The network link is given to the namespace from outside; a line on standard input says that it is there.
read -r _
exec </dev/null

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/overlay" "$work/root"
cd "$work/root"

if [ "$1" = tini ]; then
  mount --rbind /dev dev
else
  # An init system makes links and nodes, which must not be the machine's.
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/net dev/pts dev/shm
  for device in null zero full random urandom tty fuse kmsg net/tun; do
    [ -e "/dev/$device" ] || continue
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  for link in stdin=0 stdout=1 stderr=2; do ln -s "fd/${link#*=}" "dev/${link%=*}"; done
fi
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp

# An overlay cannot lie on an overlay, so that images and containers need a folder of the machine's own disk.
mkdir -p var/lib/docker var/lib/containerd
if [ -e "$work/docker.disk" ]; then mount -o loop "$work/docker.disk" "$work/docker"; fi
mount --bind "$work/docker" var/lib/docker
mount --bind "$work/containerd" var/lib/containerd
for path in "$sockets" "$shared"; do
  mkdir -p ".$path"
  mount --bind "$path" ".$path"
done

if [ "$cgroups" = unified ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  # A group that hands out controllers may hold no process itself.
  mkdir -p sys/fs/cgroup/init
  echo 1 >sys/fs/cgroup/init/cgroup.procs
  for controller in $(cat sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >sys/fs/cgroup/cgroup.subtree_control
  done
else
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  for hierarchy in $cgroups; do
    mkdir -p "sys/fs/cgroup/${hierarchy%%=*}"
    mount -t cgroup -o "${hierarchy#*=}" cgroup "sys/fs/cgroup/${hierarchy%%=*}"
  done
fi

# Not chroot: CRIU refuses a task whose root is not the root of its mount namespace.
mkdir -p .machine
pivot_root . .machine
# Told that it is in a container, systemd leaves settings of the kernel alone.
export container=lab
exec chroot . /bin/sh -c 'umount -l /.machine; hostname "$1"; shift; exec "$@"' sh "$name" "$@"
