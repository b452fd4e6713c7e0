package weave

import "regexp"

// mac is how the router prints the name of a peer and of an interface.
const mac = `(?:[0-9a-f]{2}:){5}[0-9a-f]{2}`

var macRE = regexp.MustCompile(`^` + mac + `$`)

// A nickname is any text: the host's name, or whatever was given at launch.
// So it is always taken greedily up to the last parenthesis of its column.
var headingRE = regexp.MustCompile(`^(` + mac + `)\((.*)\)$`)

// peerName is a peer as a sentence names it.
func peerName(name, nick string) string {
	if nick == "" {
		return name
	}
	return nick + " (" + name + ")"
}
