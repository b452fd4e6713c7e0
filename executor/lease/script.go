package lease

import _ "embed"

// script runs on the host; every value reaches it as a positional
// parameter, never as part of its text.
//
//go:embed lease.sh
var script string
