package look

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/secret"
)

// groundScript reads what a deploy stands on of the host itself. It is
// constant; the folders are its arguments, the data folder once more as the
// first. Each section ends with "@NUMBER NAME STATUS", as those of the reader.
//
// A folder that is not there yet is measured where it will be made. A folder
// behind one that the login user may not enter cannot be told from one that is
// not there, except that nobody may say so.
const groundScript = `LC_ALL=C
export LC_ALL
nearest() {
p=$1
while [ ! -e "$p" ] && [ "$p" != / ]; do
p=${p%/*}
p=${p:-/}
done
}
empty() {
nearest "$1"
[ "$p" = "$1" ] || { [ ! -d "$p" ] || [ -x "$p" ] || { echo "$p: Permission denied"; return 2; }; return 0; }
held=$(ls -A "$1" 2>&1) || { echo "$held"; return 2; }
[ -z "$held" ] || [ "$held" = lost+found ]
}
echo "nr_open" $(cat /proc/sys/fs/nr_open 2>/dev/null)
echo "hard $(ulimit -Hn)"
echo "uid_map" $(cat /proc/self/uid_map 2>/dev/null)
grep CapBnd /proc/self/status 2>/dev/null
echo "@0 limits 0"
if [ -n "$1" ]; then
empty "$1"
case $? in
0) echo "0 empty"; echo "@0 data 0";;
1) du -sk "$1" 2>&1; echo "@0 data $?";;
*) echo "@0 data 2";;
esac
fi
shift
n=0
for d do
n=$((n + 1))
nearest "$d"
df -Pk "$p" 2>&1
echo "@$n df $?"
done
echo "@0 end 0"
`

// groundwork is what a host itself tells.
type groundwork struct {
	disks  map[string]facts.Disk
	data   facts.Seen[int64]
	nofile int64
}

// beneath runs the script with the node's folders.
func (v view) beneath(ctx context.Context) (groundwork, error) {
	data, folders := v.node.Volumes.Data, []string{}
	for _, f := range []string{v.node.Volumes.Conf, v.node.Volumes.Log, data} {
		if f != "" && !slices.Contains(folders, f) {
			folders = append(folders, f)
		}
	}
	a, err := v.host.Run(ctx, secret.Words(append([]string{"sh", "-c", groundScript, "vmqbot-ground", data}, folders...)...), nil)
	if err != nil {
		return groundwork{}, err
	}
	return v.parseGround(a, data, folders)
}

func (v view) parseGround(a answer.Answer, data string, folders []string) (groundwork, error) {
	g := groundwork{disks: map[string]facts.Disk{}}
	r := bufio.NewReaderSize(strings.NewReader(a.Stdout), longestLine)
	limits, _, err := section(r, 0, "limits")
	if err != nil {
		return g, v.garbledGround(strings.TrimSpace(fmt.Sprintf("%v %s", err, a.Stderr)))
	}
	g.nofile = nofile(limits)
	g.data = facts.Missed[int64](facts.NotAsked, "the fleet file names no data folder for "+v.node.Name+".")
	if data != "" {
		text, status, err := section(r, 0, "data")
		if err != nil {
			return g, v.garbledGround(err.Error())
		}
		g.data = v.dataSize(data, text, status)
	}
	for i, folder := range folders {
		text, status, err := section(r, i+1, "df")
		if err != nil {
			return g, v.garbledGround(err.Error())
		}
		disk, ok := diskOf(text)
		if status != 0 || !ok {
			return g, v.garbledGround(folder + ": " + strings.TrimSpace(text))
		}
		g.disks[folder] = disk
	}
	if _, _, err := section(r, 0, "end"); err != nil {
		return g, v.garbledGround(err.Error())
	}
	return g, nil
}

// dataSize reads the size of the data folder, or why nobody may see it.
func (v view) dataSize(folder, text string, status int) facts.Seen[int64] {
	size, whole := kilobytes(text)
	text = strings.TrimSpace(text)
	switch {
	case status == 0 && whole:
		return facts.Saw(size)
	case strings.Contains(text, "ermission denied"):
		return facts.Missed[int64](facts.Denied, fmt.Sprintf("the login user may not look into %s on %s (%s): look there with `sudo du -sk %[1]s`.", folder, v.name, text[strings.LastIndexByte(text, '\n')+1:]))
	}
	return facts.Missed[int64](facts.Unreadable, fmt.Sprintf("the size of %s on %s is not understood (%s): look there with `du -sk %[1]s`.", folder, v.name, text))
}

// dfRow is blocks of 1024 bytes: all, used, free.
var dfRow = regexp.MustCompile(`\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+/[^\n]*\n\z`)

func diskOf(df string) (facts.Disk, bool) {
	m := dfRow.FindStringSubmatch(df)
	if m == nil {
		return facts.Disk{}, false
	}
	total, errTotal := strconv.ParseInt(m[1], 10, 53)
	free, errFree := strconv.ParseInt(m[2], 10, 53)
	return facts.Disk{Free: free << 10, Total: total << 10}, errTotal == nil && errFree == nil
}

// mayRaise is CAP_SYS_RESOURCE.
const mayRaise = 1 << 24

// nofile is the highest limit of open files that Docker can give a container:
// the kernel's, or where this is a container itself that may not raise limits,
// its own; 0 when that is not known.
func nofile(limits string) int64 {
	said := map[string]string{}
	for line := range strings.Lines(limits) {
		key, value, _ := strings.Cut(strings.Join(strings.Fields(line), " "), " ")
		said[key] = value
	}
	kernel, err := strconv.ParseInt(said["nr_open"], 10, 64)
	if err != nil {
		return 0
	}
	caps, err := strconv.ParseUint(said["CapBnd:"], 16, 64)
	if err == nil && caps&mayRaise != 0 && said["uid_map"] == "0 0 4294967295" {
		return kernel
	}
	if said["hard"] == "unlimited" {
		return kernel
	}
	own, err := strconv.ParseInt(said["hard"], 10, 64)
	if err != nil {
		return 0
	}
	return min(own, kernel)
}
