#!/bin/sh
# systemd-box.sh DIRECTORY CGROUP: systemd as the first process of namespaces of its own, which
# starts bench.target from DIRECTORY/units and keeps to CGROUP. It sees the files of this machine,
# but none of its units, processes or sockets, and cannot change the settings of its kernel.
set -eu
echo $$ >"$2/cgroup.procs"
# shellcheck disable=SC2016
exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
  --uts --ipc --net --cgroup /bin/sh -euc '
    hostname bench
    mount --bind /proc/sys /proc/sys
    mount -o remount,bind,ro /proc/sys
    umount -l /sys/fs/cgroup
    mount -t cgroup2 none /sys/fs/cgroup
    for hidden in /run /lib/systemd/system /lib/systemd/system-generators; do
      mount -t tmpfs none "$hidden"
    done
    mount --bind "$1/units" /etc/systemd/system
    mount --bind "$1/console" /dev/console
    exec env -i PATH="$PATH" container=bench /lib/systemd/systemd --system --unit=bench.target \
      --log-target=console --log-level=notice --show-status=false' box "$1"
