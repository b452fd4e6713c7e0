package regions

import "strings"

//go:generate go test . -run TestDocument -update

// Document is docs/fleet.md: the annotated example, as the tests load it.
func Document() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from regions/example.yaml by `make docs`. DO NOT EDIT. -->\n\n# The fleet file\n\n")
	b.WriteString("One file describes one cluster. This is a whole one, with everything that may stand in it; the tests load it.\n\n```yaml\n")
	b.WriteString(strings.TrimRight(Example, "\n") + "\n```\n")
	return b.String()
}
