package script

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Main runs the program whose name is args[0], or else args[1], and returns
// its exit status: 2 when neither is one.
func Main(args []string) int {
	env, err := FromEnviron()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return env.Run(context.Background(), args)
}

// Run is Main in an environment. When the context ends the program returns
// soon, as one that was killed.
func (e *Env) Run(ctx context.Context, args []string) int {
	for i := range min(2, len(args)) {
		if program := e.programs()[filepath.Base(args[i])]; program != nil {
			return program(ctx, args[i+1:])
		}
	}
	e.err("%s\n", "call this program as vernemq, vmq-admin, nodetool, escript or start_vernemq, "+
		"or give one of these as the first argument: standin vernemq ping")
	return 2
}

// programs are the names that this one answers to.
func (e *Env) programs() map[string]func(context.Context, []string) int {
	return map[string]func(context.Context, []string) int{
		"vernemq":       e.VerneMQ,
		"vmq-admin":     e.Admin,
		"nodetool":      e.NodeTool,
		"escript":       e.Escript,
		"beam.smp":      func(ctx context.Context, _ []string) int { return e.Beam(ctx) },
		"start_vernemq": func(ctx context.Context, _ []string) int { return e.Init(ctx) },
	}
}
