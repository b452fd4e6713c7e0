package weave

import (
	"net/netip"
	"strings"

	"vmqbot/answer"
)

// DNSEntries is the answer to weave status dns. None is a complete answer.
type DNSEntries struct {
	Ready   bool       `json:"ready"` // false while the router is starting
	Entries []DNSEntry `json:"entries"`
}

// DNSEntry is one name that weaveDNS answers.
type DNSEntry struct {
	Name      string     `json:"name"` // without the domain
	Address   netip.Addr `json:"address"`
	Container string     `json:"container"` // the first 12 characters of its identifier
	Peer      string     `json:"peer"`      // the peer it lives on, by name
}

// ParseDNS reads weave status dns. A cut between two lines cannot be seen:
// weave status counts the entries.
func ParseDNS(a answer.Answer) (DNSEntries, error) {
	text, ready, err := page(a)
	if err != nil {
		return DNSEntries{}, err
	}
	all, err := lines(text)
	if err != nil {
		return DNSEntries{}, err
	}
	found := DNSEntries{Ready: ready, Entries: make([]DNSEntry, 0, len(all))}
	for _, l := range all {
		f := strings.Fields(l)
		if len(f) != 4 || len([]rune(f[2])) > 12 || !isMAC(f[3]) {
			return DNSEntries{}, notWeave("status dns", l)
		}
		addr, err := netip.ParseAddr(f[1])
		if err != nil {
			return DNSEntries{}, notWeave("status dns", l)
		}
		found.Entries = append(found.Entries, DNSEntry{Name: f[0], Address: addr, Container: f[2], Peer: f[3]})
	}
	return found, nil
}
