// Command missing prints the sentences of the source that a catalog lacks, as
// lines that a translator completes: English, a tab. It is run at the root:
//
//	go run ./speech/source/missing zh [ROOM...]
package main

import (
	"fmt"
	"os"

	"vmqbot/speech/source"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "missing LANGUAGE [ROOM...]")
		os.Exit(2)
	}
	rooms := os.Args[2:]
	if len(rooms) == 0 {
		rooms = source.Rooms
	}
	lacking, err := source.Missing(".", os.Args[1], rooms...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "missing:", err)
		os.Exit(1)
	}
	for _, s := range lacking {
		fmt.Printf("%s\t\t# %s\n", s.Form, s.At)
	}
}
