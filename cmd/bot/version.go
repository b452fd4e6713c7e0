package main

import (
	"fmt"
	"runtime/debug"
)

// version prints the module's version, the revision it was built from and the
// Go release.
func (p *process) version() error {
	_, err := fmt.Fprintln(p.stdout, build())
	return err
}

// build is which program this is, in one line.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "vmqbot, built without build information"
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
	return fmt.Sprintf("vmqbot %s revision %s%s %s", info.Main.Version, revision, dirty, info.GoVersion)
}
