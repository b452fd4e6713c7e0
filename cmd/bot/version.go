package main

import (
	"fmt"
	"runtime/debug"
)

// version prints the module's version, the revision it was built from and the
// Go release.
func (p *process) version() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this binary was built without build information")
	}
	revision, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	_, err := fmt.Fprintf(p.stdout, "vmqbot %s revision %s%s %s\n", info.Main.Version, revision, dirty, info.GoVersion)
	return err
}
