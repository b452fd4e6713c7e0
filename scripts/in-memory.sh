#!/bin/sh
# Runs a command with its temporary files in memory, where there is room for them and
# the right to mount: simulated hosts write some thousand small files a script, and a
# file system without a journal looks ever longer for places that were not freed a
# moment ago. What Go builds lies there too, for the tests' folders follow GOTMPDIR.
# Whoever sets either has chosen. Not /dev/shm: containers have one of their own, and
# the gate's tests would lose their folders below it.
set -eu
room() { # 6 GiB of memory, of which 4 may be used
    awk '$1 == "MemAvailable:" && $2 >= 6291456 { ok = 1 } END { exit !ok }' /proc/meminfo 2>/dev/null
}
if [ -n "${TMPDIR:-}${GOTMPDIR:-}" ] || ! room; then
    exec "$@"
fi
dir=$(mktemp -d /tmp/vmq.XXXX) # short: the tests' sockets lie below
if ! mount -t tmpfs -o size=4g,mode=1777 vmqbot-test "$dir" 2>/dev/null; then # as /tmp is: some tests begin programs for other users
    rmdir "$dir"
    exec "$@"
fi
trap 'umount --lazy "$dir" && rmdir "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
TMPDIR="$dir" "$@"
