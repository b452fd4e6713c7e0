#!/bin/sh
# Runs a command with its temporary files in memory, where there is room for them:
# simulated hosts write some thousand small files a script, and a file system without a
# journal looks ever longer for places that were not freed a moment ago. What Go builds
# lies there too, for the tests' folders follow GOTMPDIR. Whoever sets either has chosen.
set -eu
at=/dev/shm
room() { # of 4 GiB there, and of 6 GiB of memory
    df -Pk "$at" 2>/dev/null | awk 'NR == 2 && $4 >= 4194304 { ok = 1 } END { exit !ok }' &&
        awk '$1 == "MemAvailable:" && $2 >= 6291456 { ok = 1 } END { exit !ok }' /proc/meminfo 2>/dev/null
}
if [ -n "${TMPDIR:-}${GOTMPDIR:-}" ] || ! room; then
    exec "$@"
fi
dir=$(mktemp -d "$at/vmq.XXXX") # short: the tests' sockets lie below
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 1777 "$dir" # as /tmp is: some tests begin programs for other users
printf '#!/bin/sh\n' >"$dir/begins" && chmod +x "$dir/begins"
if "$dir/begins" 2>/dev/null; then
    rm "$dir/begins"
    export TMPDIR="$dir"
fi
"$@"
