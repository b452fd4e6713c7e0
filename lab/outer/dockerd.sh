# $1 is the run directory, the rest are dockerd's flags. Runs in a new mount
# namespace: /sys must show this network namespace's interfaces, and a fresh
# /sys has no cgroups, so they are carried over.
set -e
run=$1
shift
mkdir -p "$run/cgroup"
mount --rbind /sys/fs/cgroup "$run/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$run/cgroup" /sys/fs/cgroup
umount -l "$run/cgroup"
PATH=/usr/sbin:/usr/bin:/sbin:/bin exec dockerd "$@"
