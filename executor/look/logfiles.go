package look

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"vmqbot/facts"
	"vmqbot/secret"
)

// logFiles are the files of the broker's log that people read, by their names
// without ".log".
var logFiles = []string{"console", "error", "crash"}

// logScript prints the end of each log file of a folder. It is constant; the
// folder, how many lines, and the names are its arguments.
const logScript = `LC_ALL=C
export LC_ALL
d=$1 n=$2
shift 2
if [ ! -d "$d" ]; then
echo "@0 none 0"
echo "@0 end 0"
exit 0
fi
for f do
[ -e "$d/$f.log" ] || continue
tail -n "$n" "$d/$f.log" 2>&1
s=$?
echo
echo "@0 $f $s"
done
echo "@0 end 0"
`

// logged reads the broker's own log from the host, where it is mounted: also
// that of a container that is gone.
func (v view) logged(ctx context.Context, n int) facts.Seen[[]facts.LogFile] {
	dir := v.node.Volumes.Log
	if dir == "" {
		return facts.Missed[[]facts.LogFile](facts.Absent, "the fleet file names no log folder for "+v.node.Name+".")
	}
	a, err := v.host.Run(ctx, secret.Words(append([]string{"sh", "-c", logScript, "vmqbot-log", dir, strconv.Itoa(n)}, logFiles...)...), nil)
	if err != nil {
		return missed[[]facts.LogFile](err)
	}
	said, whole := parts(a.Stdout)
	if !whole {
		return facts.Missed[[]facts.LogFile](facts.Unreadable, fmt.Sprintf("what tail says of %s on %s is not understood (%s).", dir, v.name, firstLine(a)))
	}
	if _, none := said["0 none"]; none {
		return facts.Missed[[]facts.LogFile](facts.Absent, dir+" is not there on "+v.name+".")
	}
	files := []facts.LogFile{}
	for _, name := range logFiles {
		p, found := said["0 "+name]
		text := strings.TrimRight(p.text, "\n")
		switch {
		case !found:
		case p.status != 0:
			return facts.Missed[[]facts.LogFile](facts.Denied, fmt.Sprintf("%s/%s.log on %s cannot be read by user %s: %s.", dir, name, v.name, v.node.SSH.User, words(text)))
		case text == "":
			files = append(files, facts.LogFile{Name: name + ".log", Lines: []string{}})
		default:
			files = append(files, facts.LogFile{Name: name + ".log", Lines: strings.Split(text, "\n")})
		}
	}
	return facts.Saw(files)
}
