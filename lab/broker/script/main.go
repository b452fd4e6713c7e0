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
	for i := range min(2, len(args)) {
		if program := env.programs()[filepath.Base(args[i])]; program != nil {
			return program(context.Background(), args[i+1:])
		}
	}
	fmt.Fprintln(os.Stderr, "call this program as vernemq, vmq-admin, nodetool, escript or start_vernemq, "+
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
