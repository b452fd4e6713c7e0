package clique

import (
	"context"
	"strings"
)

// Tree is all commands of one program and the usage texts of its branches.
type Tree struct {
	Program  string            // vmq-admin
	Usages   map[string]string // by path; "" is the root
	Commands []Command
	Style    Style
}

// Run finds and runs a command. Words that lead to none print the usage of the
// nearest branch, exit status 1.
func (t *Tree) Run(ctx context.Context, argv []string) Output {
	cmd, rest, ok := t.match(argv)
	if !ok {
		return Output{Stdout: "Usage: " + t.usage(argv) + "\n", Exit: 1}
	}
	args, format, help, bad := cmd.parse(rest)
	if help {
		return Output{Stdout: "Usage: " + t.usage(strings.Fields(cmd.Path)) + gap(cmd)}
	}
	if bad != "" {
		return Fail(bad).write(format, t.Style)
	}
	args.Format = format
	return cmd.Run(ctx, args).write(format, t.Style)
}

func gap(c Command) string {
	if c.Tight {
		return ""
	}
	return "\n"
}

// Find returns the command that the words lead to and the words after it. ok
// is false when there is none.
func (t *Tree) Find(argv []string) (Command, []string, bool) { return t.match(argv) }

func (t *Tree) match(argv []string) (Command, []string, bool) {
	for n := min(len(argv), 3); n > 0; n-- {
		path := strings.Join(argv[:n], " ")
		for _, c := range t.Commands {
			if c.Path == path {
				return c, argv[n:], true
			}
		}
	}
	return Command{}, nil, false
}

// usage is the text of the longest known path.
func (t *Tree) usage(argv []string) string {
	for n := len(argv); n > 0; n-- {
		path := strings.Join(argv[:n], " ")
		for _, c := range t.Commands {
			if c.Path == path && c.Usage != "" {
				return t.Program + " " + c.Usage
			}
		}
		if u, ok := t.Usages[path]; ok {
			return t.Program + " " + u
		}
	}
	return t.Program + " " + t.Usages[""]
}
