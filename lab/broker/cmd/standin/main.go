// Command standin is VerneMQ's command line for the lab: one static program
// that is vernemq, vmq-admin, nodetool, escript, beam.smp or start_vernemq by
// the name that it is called with, or by its first argument.
package main

import (
	"os"

	"vmqbot/lab/broker/script"
)

func main() {
	os.Exit(script.Main(os.Args))
}
