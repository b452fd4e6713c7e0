// Package scripts holds the end-to-end scripts: what is typed, what is seen,
// what broke, what the program did. They read as the manual and run against a
// simulated fleet and, with -tags lab, against a real one; each file here is
// found, none is listed.
package scripts

import "embed"

// Files are the scripts, in the order in which the manual tells them.
//
//go:embed *.txtar
var Files embed.FS
