# usage: lease.sh acquire|renew|release FILE HOLDER EPOCH TTL REASON PATIENCE BUSY
# FILE holds one line: v1 EPOCH SINCE EXPIRES HOLDER REASON (times in seconds
# of this host's clock; HOLDER is - when released, so that EPOCH is kept).
# Prints: WORD EPOCH SINCE EXPIRES HOLDER REASON, where WORD says what came of it.
verb=$1 file=$2 me=$3 mine=$4 ttl=$5 why=$6 patience=$7 busy=$8

# The lock is a file of its own, because the lease's file is replaced by each change.
# It is made once and only read from then on: in a folder that everybody may write,
# the kernel lets nobody, not even root, open somebody else's file as if to make it
# (fs.protected_regular), as flock FILE does.
lock=${file%.lease}.lock
[ -e "$lock" ] || (umask 022 && : >>"$lock") || exit 73
exec 9<"$lock" || exit 73
flock -w "$patience" -E "$busy" 9 || exit

now=$(date +%s) || exit 70
epoch=0 since=0 expires=0 holder=- reason=-

number() { case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac; [ ${#1} -le 18 ]; }

if [ -e "$file" ]; then
    read -r version epoch since expires holder reason rest <"$file" || { echo garbled; exit 0; }
    if ! { [ "$version" = v1 ] && number "$epoch" && number "$since" && number "$expires" &&
        [ -n "$holder" ] && [ -n "$reason" ] && [ -z "$rest" ]; }; then
        echo garbled
        exit 0
    fi
fi

# say WORD: the answer. keep: the new state, in one step for every reader.
say() { echo "$1 $epoch $since $expires $holder $reason"; }
# belong: what root writes stays whose it was, or that one could write it no more.
belong() {
    [ -e "$file" ] && [ "$(id -u)" = 0 ] || return 0
    owner=$(stat -c %u:%g "$file") && { [ "$owner" = 0:0 ] || chown "$owner" "$file.$$"; }
}
keep() {
    umask 022
    echo "v1 $epoch $since $expires $holder $reason" >"$file.$$" && belong && mv -f "$file.$$" "$file" && return
    rm -f "$file.$$"
    exit 73
}

case $verb in
acquire)
    if [ "$holder" != - ] && [ "$expires" -gt "$now" ] && [ "$holder" != "$me" ]; then
        say held
        exit 0
    fi
    if [ "$holder" != "$me" ] || [ "$expires" -le "$now" ]; then
        [ "$mine" -gt "$epoch" ] && epoch=$mine
        epoch=$((epoch + 1)) since=$now
    fi
    holder=$me reason=$why expires=$((now + ttl))
    keep
    say ok
    ;;
renew)
    # A host that restarted has forgotten the lease; had anybody taken it since,
    # there would be a file.
    if [ ! -e "$file" ]; then
        epoch=$mine since=$now holder=$me reason=$why
    elif [ "$holder" != "$me" ] || [ "$epoch" != "$mine" ]; then
        say lost
        exit 0
    fi
    expires=$((now + ttl))
    keep
    say ok
    ;;
release)
    if [ "$holder" = "$me" ] && [ "$epoch" = "$mine" ]; then
        holder=- reason=- expires=0
        keep
    fi
    say ok
    ;;
esac
