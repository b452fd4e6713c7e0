package clique

import (
	"fmt"
	"strings"
)

// write renders an answer in the wanted format.
func (r Result) write(format string, style Style) Output {
	if r.Crash != nil {
		return *r.Crash
	}
	out := Output{Exit: r.Exit}
	switch format {
	case "", "human":
		out.Stdout = r.human(style)
	case "json":
		out.Stdout = r.json()
	case "csv":
		out.Stdout = r.csv()
	default:
		out.Stdout = r.human(Plain)
		out.Stderr = fmt.Sprintf("\nInvalid format %q! Defaulted to human-readable.\n", format)
	}
	return out
}

func (r Result) human(style Style) string {
	var b strings.Builder
	for _, p := range r.Parts {
		switch p := p.(type) {
		case Text:
			b.WriteString(string(p) + "\n")
		case Alert:
			b.WriteString(string(p) + "\n")
		case Raw:
			b.WriteString(string(p))
		case Table:
			b.WriteString(p.human(style))
		}
	}
	return b.String()
}
