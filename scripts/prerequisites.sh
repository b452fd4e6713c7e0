#!/bin/sh
# Installs from Debian's packages what the tests start for real, and nothing
# that is already there. Services that come with the packages are not started:
# the tests start their own and stop them by process id.
set -eu

want() { # PROGRAM PACKAGE
    [ -x "/usr/sbin/$1" ] || [ -x "/usr/bin/$1" ] || missing="$missing $2"
}

missing=""
for pair in "$@"; do
    want "${pair%%=*}" "${pair##*=}"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ]; then
    echo "The tests need$missing. Type: sudo apt-get install -y$missing" >&2
    exit 1
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of package names
apt-get install -q -y --no-install-recommends $missing
