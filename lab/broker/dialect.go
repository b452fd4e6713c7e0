package broker

import (
	"fmt"

	"vmqbot/lab/broker/clique"
)

// Dialect is one version of VerneMQ and how it differs.
type Dialect struct {
	Version string // 1.6.1 or 2.1.2

	Legacy       bool         // 1.x: plumtree, MQTT on 127.0.0.1:1883 by default
	Style        clique.Style // how tables look
	BrokenIsDown bool         // a channel that was up and broke makes the node false (until 1.6)
	Prefix       string       // of metric names
	Health       bool         // has /health
	ListArrays   bool         // status.json: an array, and mystatus too
	RefuseFull   bool         // join refuses a node that is not empty
	JoinExit     int          // of a failed join
}

// NewDialect knows 1.6.1 and 2.1.2. Any other version is an error that names
// the two.
func NewDialect(version string) (Dialect, error) {
	switch version {
	case "1.6.1":
		return Dialect{Version: version, Legacy: true, Style: clique.Plain, BrokenIsDown: true}, nil
	case "2.1.2", "":
		return Dialect{Version: "2.1.2", Style: clique.Ruled, Prefix: "vernemq_",
			Health: true, ListArrays: true, RefuseFull: true, JoinExit: 1}, nil
	}
	return Dialect{}, fmt.Errorf("VERNEMQ_VERSION is %q: the stand-in speaks as 1.6.1 or as 2.1.2", version)
}

// metaDir is the directory below data/ that holds membership and metadata.
func (d Dialect) metaDir() string {
	if d.Legacy {
		return "meta"
	}
	return "swc_meta"
}
