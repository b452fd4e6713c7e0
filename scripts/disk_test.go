package scripts

import (
	"github.com/rogpeppe/go-internal/testscript"
)

// folders of a broker on a host, by what a script calls them.
var folders = map[string]string{
	"conf": "/etc/vernemq", "data": "/data/server/docker/vernemq/data", "log": "/data/server/docker/vernemq/log",
}

// disk changes the disk under a folder of a host: "disk cn data 700m" makes it
// a small one, "disk cn data full" fills it. The next reset takes it away.
func (w *world) disk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || folders[args[1]] == "" {
		ts.Fatalf("usage: disk HOST conf|data|log SIZE|full")
	}
	w.fleet(ts, false, append([]string{"disk", args[0], folders[args[1]]}, args[2]))
}
