package explain

import (
	"fmt"

	"vmqbot/explain/typed"
	"vmqbot/vernemq"
)

// Command finds the one command of weave or VerneMQ in a line as people paste
// it and takes off what surrounds it, as typed.Commands does. Its error says
// what to paste instead.
func Command(line string) ([]string, error) {
	found, err := typed.Commands(line, ours)
	line = typed.Line(line)
	if err != nil {
		return nil, fmt.Errorf("the command %q %w", line, err)
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("the command %q is not one of weave, vernemq, vmq-admin, nodetool or curl on port 8888", line)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("the command %q is %d commands in one, and nobody can say whose answer it is; give each with its own answer", line, len(found))
}

// ours are the commands whose answers a dialect reads.
func ours(argv []string) bool { return argv[0] == "weave" || vernemq.Speaks(argv) }
