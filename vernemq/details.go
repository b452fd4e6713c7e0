package vernemq

import (
	"strings"

	"vmqbot/answer"
)

// Details is what a refusal says beside its kind, as weave.Details is. A
// field is empty when the refusal does not speak of it.
type Details struct {
	Refusal   answer.Kind `json:"refusal"`
	Said      string      `json:"said"`                // the first 400 bytes of what the tool said
	Node      string      `json:"node,omitempty"`      // the node that the answer names
	Container string      `json:"container,omitempty"` // the container that docker names
	Host      string      `json:"host,omitempty"`      // the host that ssh names
}

// DetailsOf reads what a refusal of this package speaks of.
func DetailsOf(r *answer.Refusal) Details {
	const most = 400
	d := Details{Refusal: r.Kind, Said: strings.TrimSpace(r.Raw)}
	if r.Kind != MissingArgument { // the node there is an example
		d.Node = nodeIn(r.Raw)
	}
	for _, t := range aroundTroubles {
		m := t.text.FindStringSubmatch(d.Said)
		if m == nil {
			continue
		}
		d.Node = "" // user@host is none
		for i, name := range t.text.SubexpNames() {
			switch name {
			case "container":
				d.Container = m[i]
			case "host":
				d.Host = m[i]
			}
		}
		break
	}
	if len(d.Said) > most {
		d.Said = strings.ToValidUTF8(d.Said[:most], "")
	}
	return d
}

// nodeIn finds the node that a refusal names, as in Node 'VerneMQ@10.0.0.1'.
func nodeIn(raw string) string {
	for _, w := range strings.FieldsFunc(raw, func(r rune) bool { return notAtomRune(r) && r != '@' }) {
		if strings.Count(w, "@") == 1 && !strings.HasPrefix(w, "@") && !strings.HasSuffix(w, "@") {
			return w
		}
	}
	return ""
}
