package weave

import (
	"regexp"

	"vmqbot/answer"
)

// Details is what a refusal says beside its kind. A field is empty when the
// refusal does not speak of it.
type Details struct {
	Refusal        answer.Kind `json:"refusal"`
	Said           string      `json:"said"`                      // the words of weave
	Address        string      `json:"address,omitempty"`         // as typed, with the prefix length
	Container      string      `json:"container,omitempty"`       // the container that was named
	OwnerContainer string      `json:"owner_container,omitempty"` // who has the address on this host
	OwnerPeer      string      `json:"owner_peer,omitempty"`      // the host that has the address
	OwnerNickname  string      `json:"owner_nickname,omitempty"`  // its nickname, when known
	Host           string      `json:"host,omitempty"`            // the peer that could not be used
	Router         string      `json:"router,omitempty"`          // the name of the router's container
}

// DetailsOf reads what a refusal of this package speaks of.
func DetailsOf(r *answer.Refusal) Details {
	d := Details{Refusal: r.Kind, Said: r.Raw}
	for _, k := range refusals {
		if k.kind != r.Kind {
			continue
		}
		m := k.re.FindStringSubmatch(r.Raw + "\n")
		if m == nil {
			continue
		}
		d.Address = group(k.re, m, "address")
		d.Container = group(k.re, m, "container")
		d.OwnerContainer = group(k.re, m, "owner")
		d.OwnerPeer = group(k.re, m, "peer")
		d.OwnerNickname = group(k.re, m, "nickname")
		d.Host = group(k.re, m, "host")
		d.Router = group(k.re, m, "router")
		return d
	}
	return d
}

func group(re *regexp.Regexp, m []string, name string) string {
	if i := re.SubexpIndex(name); i >= 0 {
		return m[i]
	}
	return ""
}
