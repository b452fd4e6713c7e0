package weave

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// ExposeID stands in weave ps for the bridge of the host itself.
const ExposeID = "weave:expose"

// PSList is the answer to weave ps. A container without a weave interface is
// absent, and so is one that is stopped or does not exist: weave ps does not
// tell these apart.
type PSList struct {
	Entries []PSEntry `json:"entries"`
}

// PSEntry is one weave interface.
type PSEntry struct {
	ID        string         `json:"id"` // the identifier or the name as typed, its first 12 characters
	MAC       string         `json:"mac"`
	Addresses []netip.Prefix `json:"addresses"`
}

// Of gives the addresses of a container by its identifier, or by its name if
// that was typed. Names that agree in 12 characters cannot be told apart.
func (l PSList) Of(container string) []netip.Prefix {
	var found []netip.Prefix
	for _, e := range l.Entries {
		if e.ID == first12(container) {
			found = append(found, e.Addresses...)
		}
	}
	return found
}

var psIDRE = regexp.MustCompile(`^(?:` + ExposeID + `|[a-zA-Z0-9][a-zA-Z0-9_.-]{0,11})$`)

// ParsePS reads weave ps. The script prints one empty line for nothing, so no
// output at all is refused. A cut between two lines cannot be seen.
func ParsePS(a answer.Answer) (PSList, error) {
	text, err := success(a)
	if err != nil {
		return PSList{}, err
	}
	all, err := lines(text)
	if err != nil {
		return PSList{}, err
	}
	if text == "" {
		return PSList{}, garbled(text, "weave ps prints an empty line when there is nothing to list, and this answer has not even that: ask again")
	}
	asked := arguments(a)
	found := PSList{Entries: make([]PSEntry, 0, len(all))}
	for i, l := range all {
		e, ok := psLine(l)
		if !ok || !named(asked, e.ID) || len(asked) < 3 && slices.Contains(all[:i], l) {
			return PSList{}, notWeave("ps", l)
		}
		found.Entries = append(found.Entries, e)
	}
	return found, nil
}

func psLine(l string) (PSEntry, bool) {
	f := strings.Fields(l)
	if len(f) < 2 || !psIDRE.MatchString(f[0]) || !isMAC(f[1]) {
		return PSEntry{}, false
	}
	e := PSEntry{ID: f[0], MAC: f[1], Addresses: []netip.Prefix{}}
	for _, cidr := range f[2:] {
		p, err := netip.ParsePrefix(cidr)
		if err != nil {
			return PSEntry{}, false
		}
		e.Addresses = append(e.Addresses, p)
	}
	return e, true
}

// idRE is how weave ps calls what was not asked for by name.
var idRE = regexp.MustCompile(`^(?:` + ExposeID + `|[0-9a-f]{12})$`)

// named reports that a line may stand under this name: each container that was
// asked for under what was typed, and any under its identifier when none was.
func named(asked []string, id string) bool {
	if len(asked) < 2 {
		return idRE.MatchString(id)
	}
	for _, name := range asked[1:] {
		if first12(name) == id || name == "weave:allids" && idRE.MatchString(id) {
			return true
		}
	}
	return false
}

func first12(s string) string { return s[:min(12, len(s))] }
