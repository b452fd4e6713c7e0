package weave

// Report is what a host's router knows, read from its JSON. Of all answers it
// is the only one that cannot be cut without notice.
type Report struct {
	Ready          bool         `json:"ready"` // false while the router is starting
	Version        string       `json:"version"`
	Name           string       `json:"name"` // a MAC
	NickName       string       `json:"nickname"`
	Encryption     bool         `json:"encryption"` // the mesh has a password
	PeerDiscovery  bool         `json:"peer_discovery"`
	Peers          []Peer       `json:"peers"` // this host among them, in no order
	Connections    []Connection `json:"connections"`
	Targets        []string     `json:"targets"` // what this host was told to dial, as typed
	TrustedSubnets []string     `json:"trusted_subnets"`
	IPAM           *IPAMSummary `json:"ipam"` // nil: weave allocates no addresses
	DNS            *DNSSummary  `json:"dns"`  // nil: launched with --no-dns
}

// IPAMSummary is weave's own allocation of addresses.
type IPAMSummary struct {
	State            IPAMState   `json:"state"`
	Range            string      `json:"range"`
	DefaultSubnet    string      `json:"default_subnet"`
	RangeIPs         int         `json:"range_ips"`
	ActiveIPs        int         `json:"active_ips"` // in use on this host
	Owners           []IPAMOwner `json:"owners"`     // in the order of their first part
	PendingClaims    int         `json:"pending_claims"`
	PendingAllocates int         `json:"pending_allocates"`
}

// DNSSummary is how weaveDNS is set up. Address holds the address that docker0
// had at launch: when docker0 has moved since, the router cannot restart.
type DNSSummary struct {
	Domain   string   `json:"domain"`
	Address  string   `json:"address"` // IP:port
	Upstream []string `json:"upstream"`
	Entries  int      `json:"entries"`
}

// Peer finds a peer by name.
func (r Report) Peer(name string) (Peer, bool) {
	for _, p := range r.Peers {
		if p.Name == name {
			return p, true
		}
	}
	return Peer{}, false
}
