package weave

import "regexp"

// mac is how the router prints the name of a peer and of an interface.
const mac = `(?:[0-9a-f]{2}:){5}[0-9a-f]{2}`

// isMAC reports whether s is exactly one. A report has hundreds of them, so it
// is no regular expression.
func isMAC(s string) bool {
	if len(s) != 17 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case i%3 == 2:
			if c != ':' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

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
