# usage: lease.sh acquire|renew|release FILE HOLDER EPOCH TTL REASON PATIENCE BUSY SOCKET
# FILE holds one line: v1 EPOCH SINCE EXPIRES HOLDER REASON (times in seconds
# of this host's clock; HOLDER is - when released, so that EPOCH is kept).
# Prints: WORD EPOCH SINCE EXPIRES HOLDER REASON, where WORD says what came of it.
verb=$1 file=$2 me=$3 mine=$4 ttl=$5 why=$6 patience=$7 busy=$8 socket=$9

# The files lie in a folder of their own. In one that everybody may write, as /var/lock,
# only its owner replaces a file, so a bot that logs in as root would lock out those
# that do not. Whoever may use Docker can change all that a lease is about anyway:
# the group of Docker's SOCKET shares the folder. Only its owner can say so; to others
# it is said already, or the change of the lease tells that they may not.
folder=${file%/*}
[ -d "$folder" ] || mkdir "$folder" || [ -d "$folder" ] || exit 73
if group=$(stat -L -c %g "$socket" 2>/dev/null) && [ "$group" != 0 ] && [ "$(stat -c %g.%a "$folder")" != "$group.775" ]; then
    chgrp "$group" "$folder" 2>/dev/null && chmod 775 "$folder"
fi

# The lock is a file of its own, because the lease's file is replaced by each change.
# It is made once and only read from then on, for it may be another account's.
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
keep() {
    umask 022
    echo "v1 $epoch $since $expires $holder $reason" >"$file.$$" && mv -f "$file.$$" "$file" && return
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
