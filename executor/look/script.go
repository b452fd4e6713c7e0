package look

// script is what the reader runs on the host. It is constant; the numbers that
// it reads (a sequence number, which marks the end of every section so that a
// cut answer is noticed, and a process id, 0 for none) are written by us.
//
// Of the socket tables only listening sockets and those of the cluster port
// (AC15, 44053) are sent: a broker with a hundred thousand clients would
// otherwise cost 15 MB a look. Where /proc hides other users' processes no
// veth is called stale.
//
// The kernel walks all sockets of the machine for every read of these tables,
// also for the last one, which finds the end (2 ms each where it was
// measured). So tcp6 is not read where the namespace has no such socket, and
// tcp is read once where it fits: one read gives a page, 27 rows of 150 bytes,
// so an answer of 26 rows or fewer is the whole table.
//
// After the line come as many folders as it says, one a line; one that is not
// there yet is measured where it would be made. A file system whose server is
// gone would hold df for ever, and with it all that is read here.
//
// Where the host has a guard (guard.SeenFile), each look empties a file, by which
// it knows that a bot is here. That is not worth a failure.
const script = `s=/run/vmqbot/seen
while read -r n p k; do
[ -w "$s" ] && true >"$s"
date +%s
echo "@$n clock $?"
if [ -d /proc/1 ]; then
for v in /sys/class/net/vethwepl*; do
i=${v##*vethwepl}
case $i in *[!0-9]*|'') continue;; esac
[ -d "/proc/$i" ] || echo "vethwepl$i"
done
fi
echo "@$n stale 0"
if [ "$p" != 0 ]; then
d=/proc/$p/net
cat "$d/fib_trie" 2>/dev/null
echo "@$n fib_trie $?"
t=$(dd if="$d/tcp" bs=4096 count=1 2>/dev/null)
if [ -n "$t" ] && [ ${#t} -lt 3900 ]; then
printf '%s\n' "$t"
else
grep -e local_address -e ' 0A ' -e ':AC15 ' "$d/tcp" 2>/dev/null
fi
echo "@$n tcp $?"
six=0
if [ -r "$d/sockstat6" ]; then
while read -r a b c e; do
case $a$b in TCP6:inuse) six=$c;; esac
done < "$d/sockstat6"
fi
[ "$six" = 0 ] || grep -e local_address -e ' 0A ' -e ':AC15 ' "$d/tcp6" 2>/dev/null
echo "@$n tcp6 $?"
fi
while [ "${k:-0}" -gt 0 ]; do
IFS= read -r d || exit 1
while [ ! -e "$d" ] && [ "$d" != / ]; do
d=${d%/*}
d=${d:-/}
done
LC_ALL=C timeout 5 df -Pk "$d" 2>&1
echo "@$n df $?"
k=$((k - 1))
done
echo "@$n end 0"
done`
