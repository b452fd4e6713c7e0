package weave

import (
	"fmt"
	"strings"

	"vmqbot/answer"
)

// RouterStatus is the answer to weave status.
type RouterStatus struct {
	Ready          bool          `json:"ready"` // false while the router is starting
	Version        string        `json:"version"`
	VersionCheck   string        `json:"version_check"` // whether there is a newer one, in the router's words
	Protocol       string        `json:"protocol"`
	Name           string        `json:"name"`
	NickName       string        `json:"nickname"`
	Encryption     bool          `json:"encryption"`
	PeerDiscovery  bool          `json:"peer_discovery"`
	Targets        int           `json:"targets"`     // peers that this host was told to dial
	Connections    Counts        `json:"connections"` // of this host
	Peers          Counts        `json:"peers"`       // all peers, with the connections among them seen from each end
	TrustedSubnets []string      `json:"trusted_subnets"`
	IPAM           *IPAMStatus   `json:"ipam"`   // nil: weave allocates no addresses
	DNS            *DNSStatus    `json:"dns"`    // nil: launched with --no-dns
	Proxy          *ProxyStatus  `json:"proxy"`  // nil: launched with --proxy=false
	Plugin         *PluginStatus `json:"plugin"` // nil: launched with --plugin=false
}

// Counts is a number of things and how many of them are in each state.
// States need not add up: the router leaves waiting out.
type Counts struct {
	Total  int           `json:"total"`
	States map[State]int `json:"states"`
}

// IPAMStatus is how weave's own allocation of addresses is doing.
type IPAMStatus struct {
	State         IPAMState `json:"state"`
	Range         string    `json:"range"`
	DefaultSubnet string    `json:"default_subnet"`
}

// DNSStatus is how weaveDNS is set up.
type DNSStatus struct {
	Domain   string   `json:"domain"`
	Upstream []string `json:"upstream"`
	TTL      int      `json:"ttl"` // seconds
	Entries  int      `json:"entries"`
}

// ProxyStatus is where weave's Docker API proxy listens.
type ProxyStatus struct {
	Addresses []string `json:"addresses"`
}

// PluginStatus is which Docker network plugin is on.
type PluginStatus struct {
	Kind       string `json:"kind"`                  // "legacy" or "v2"
	DriverName string `json:"driver_name,omitempty"` // legacy only
}

// ParseStatus reads weave status, ready or not. An answer that begins with
// the script's blank line must end with its other one; one that was pasted
// without both is taken at its word.
func ParseStatus(a answer.Answer) (RouterStatus, error) {
	text, ready, err := page(a)
	if err != nil {
		return RouterStatus{}, err
	}
	all, err := lines(text)
	if err != nil {
		return RouterStatus{}, err
	}
	framed := ready && strings.HasPrefix(unix(text), "\n")
	if framed && !strings.HasSuffix(unix(text), "\n\n") {
		return RouterStatus{}, garbled(text, "weave status ends with a blank line and this answer does not: its end is missing, ask again")
	}
	s := RouterStatus{Ready: ready}
	if err := s.fill(sections(all)); err != nil {
		return RouterStatus{}, garbled(text, "this is not what weave status prints: %v. It was cut or changed, ask again", err)
	}
	return s, nil
}

// sections splits at blank lines.
func sections(all []string) [][]string {
	var found [][]string
	fresh := true
	for _, l := range all {
		switch {
		case blank(l):
			fresh = true
		case fresh:
			found, fresh = append(found, []string{l}), false
		default:
			found[len(found)-1] = append(found[len(found)-1], l)
		}
	}
	return found
}

// fields reads the "key: value" lines of a section, which must have exactly
// the given keys in their order.
func fields(section []string, keys ...string) ([]string, error) {
	if len(section) != len(keys) {
		return nil, fmt.Errorf("the section of %q has %d lines instead of %d", strings.TrimSpace(section[0]), len(section), len(keys))
	}
	values := make([]string, len(keys))
	for i, l := range section {
		key, value, ok := strings.Cut(strings.TrimLeft(l, " \t"), ": ")
		if !ok || key != keys[i] || blank(value) {
			return nil, fmt.Errorf("%q stands where %q should", strings.TrimSpace(l), keys[i]+": ...")
		}
		values[i] = strings.TrimSpace(value)
	}
	return values, nil
}
