//go:build lab

package scripts

import (
	"github.com/rogpeppe/go-internal/testscript"
)

// folders of a broker on a lab host, by what a script calls them.
var folders = map[string]string{
	"conf": "/etc/vernemq", "data": "/data/server/docker/vernemq/data", "log": "/data/server/docker/vernemq/log",
}

// smaller lays a disk of a size over a folder, with what is in it. fuller
// leaves nothing free there, without a byte written.
const (
	smaller = `set -e
mkdir -p "$1"
cp -a "$1" /tmp/small
mount -t tmpfs -o size="$2" small "$1"
chown --reference=/tmp/small "$1"
cp -a /tmp/small/. "$1"
rm -rf /tmp/small`
	fuller = `set -e
mount -o remount,size="$(($(df -k --output=used "$1" | tail -1) + 4))k" "$1"`
)

// disk changes the disk under a folder of a host: "disk cn data 700m" makes it
// a small one, "disk cn data full" fills it. The next reset takes it away.
func (w *world) disk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || folders[args[1]] == "" {
		ts.Fatalf("usage: disk HOST conf|data|log SIZE|full")
	}
	script := smaller
	if args[2] == "full" {
		script = fuller
	}
	out, err := w.labCommand("exec", args[0], "sh", "-c", script, "disk", folders[args[1]], args[2]).CombinedOutput()
	ts.Logf("%s", out)
	ts.Check(err)
}
