package look

// insideScript is what one look asks inside the broker's container, in one
// command. It is constant; its arguments are what is wanted (m for the broker's
// counters, c for its file), where the counters are, the file, the number of
// webhooks, host and port of each, and the addresses to ping,
// or ADDRESS/SIZE for packets of that size that nobody may cut up. Where ping does
// not know how to forbid that (busybox), Linux forbids it by itself for packets that
// it believes to fit and cuts up larger ones, so the answer says "may be cut up".
//
// Each answer ends with "@NUMBER NAME STATUS". The calls go out at the same
// time, and bash writes line by line, so the answer of a call is one line with
// its words behind the status. What can call a port without sending anything depends on
// the image: bash, curl or busybox's nc, in this order; 9 says none of them.
// curl and nc hold the line once they have it, so their time running out is
// the proof that they had it.
const insideScript = `LC_ALL=C
export LC_ALL
set -f
what=$1 url=$2 conf=$3 hooks=$4
shift 4
has() { command -v "$1" >/dev/null 2>&1; }
tell() { printf '%s\n' "@$*"; }
limit() {
if has timeout; then timeout "$@"; else shift; "$@"; fi
}
dial() {
if has bash; then
t=$(limit 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1)
s=$?
printf '%s\n' "${t%%
*}"
case $s in 0) return 0;; 124|143) echo "no answer in 3 s";; esac
return 1
fi
if has curl; then
t=$(curl -s -o /dev/null --connect-timeout 2 -m 3 -w '%{time_connect}' "telnet://$1:$2" </dev/null 2>/dev/null)
s=$?
case $t in *[1-9]*) return 0;; esac
case $s in 6) echo "the name is not known";; 7) echo "connection refused, or no route";; 28) echo "no answer in 2 s";; *) echo "curl ends with $s";; esac
return 1
fi
if has nc; then
t=$(limit 3 nc -w 2 "$1" "$2" </dev/null 2>&1 >/dev/null)
case $? in 0|124|143) return 0;; 1) printf '%s\n' "$t"; return 1;; esac
fi
return 9
}
case $what in *m*)
m=$(has curl && curl -fsS -m 3 "$url" 2>/dev/null) || m=$(has wget && limit 3 wget -q -O - "$url" 2>/dev/null) || m=$(limit 20 vmq-admin metrics show 2>&1)
s=$?
if [ "$s" = 0 ]; then
printf '%s\n' "$m" | grep -e cluster_bytes_dropped -e netsplit_ -e queue_message_
else
printf '%s\n' "$m"
fi
echo "@0 metrics $s";;
esac
case $what in *c*)
c=$(cat "$conf" 2>&1)
s=$?
printf '%s\n' "$c"
echo "@0 conf $s";;
esac
i=0
while [ "$hooks" -gt 0 ]; do
i=$((i + 1))
hooks=$((hooks - 1))
{ t=$(dial "$1" "$2"); tell "$i" hook $? $t; } &
shift 2
done
i=0
for a do
i=$((i + 1))
n= s=
case $a in */*) n="-s ${a#*/}" s="-M do" a=${a%/*};; esac
{ t=$(ping -q -c 3 -W 1 -i 0.2 $s $n "$a" 2>&1)
r=$?
case $s$t in -M*option*M*) t="may be cut up: $(ping -q -c 3 -W 1 -i 0.2 $n "$a" 2>&1)" r=$?;; esac
tell "$i" ping $r $t; } &
done
wait
echo "@0 end 0"
`
