package look

// followScript answers questions about log files of a folder, one a line: a file's
// name without ".log", which file it was the last time (device and number, "-" for
// none yet), and how much of that was read. It is constant; the folder, and the
// most that one answer may hold, are its arguments.
//
// The host remembers nothing, so whoever asks after a cut line goes on where they
// were: a file that was given another name meanwhile is looked for in the folder
// by its number and read to its end first, and one that was emptied in place is
// read from its beginning.
//
// Each line of a file has a blank before it, so that none can be taken for one
// of the answer's own; an empty one before @end says that the last line is whole.
const followScript = `LC_ALL=C
export LC_ALL
d=$1 most=$2
while read -r f was from; do
n=$d/$f.log now=- size=0
set -- $(stat -L -c '%d:%i %s' "$n" 2>/dev/null)
[ $# = 2 ] && now=$1 size=$2
if [ "$was" = - ]; then
[ "$size" -le "$from" ] && from=0 || from=$((size - from))
elif [ "$now" != "$was" ]; then
for g in "$d"/*; do
set -- $(stat -L -c '%d:%i %s' "$g" 2>/dev/null)
if [ "${1-}" = "$was" ] && [ "$2" -gt "$from" ]; then
n=$g now=$was size=$2
break
fi
done
[ "$now" = "$was" ] || from=0
fi
[ "$size" -ge "$from" ] || from=0
if [ "$now" = - ]; then
echo "@none"
elif [ ! -r "$n" ]; then
echo "@denied"
else
echo "@at $now $from"
if [ "$size" -gt "$from" ]; then
tail -c "+$((from + 1))" "$n" | head -c "$most" | sed 's/^/ /'
echo
fi
fi
echo "@end"
done`
