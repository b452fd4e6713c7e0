package script

import (
	"context"
	"path/filepath"
)

// erts is the directory of the run-time system's programs.
func (e *Env) erts() string {
	found, _ := filepath.Glob(filepath.Join(e.real(e.Root), "erts-*", "bin")) // the pattern is well formed
	if len(found) > 0 {
		return filepath.Join(e.Root, filepath.Base(filepath.Dir(found[0])), "bin")
	}
	return filepath.Join(e.Root, "erts-10", "bin")
}

// Escript runs nodetool and nothing else.
func (e *Env) Escript(ctx context.Context, args []string) int {
	if len(args) == 0 {
		e.out("escript: Missing filename\n")
		return 127
	}
	if filepath.Base(args[0]) != "nodetool" {
		e.out("escript: Failed to open file: %s\n", args[0])
		return 127
	}
	return e.NodeTool(ctx, args[1:])
}
