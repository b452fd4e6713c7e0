package weave

// The JSON of /report (prog/weaver/http.go, mesh/status.go, ipam/status.go,
// nameserver/status.go). Pointers tell a missing field from a zero.
type reportJSON struct {
	Ready   *bool
	Version string
	Router  *routerJSON
	IPAM    *ipamJSON
	DNS     *dnsJSON
}

type routerJSON struct {
	Encryption     *bool
	PeerDiscovery  *bool
	Name           string
	NickName       *string
	Peers          []peerJSON
	Connections    []connectionJSON
	Targets        []string
	TrustedSubnets []string
}

type peerJSON struct {
	Name        string
	NickName    *string
	UID         *uint64
	ShortID     *uint16
	Version     *uint64
	Connections []peerConnectionJSON
}

type peerConnectionJSON struct {
	Name        string
	NickName    *string
	Address     string
	Outbound    *bool
	Established *bool
}

type connectionJSON struct {
	Address  string
	Outbound *bool
	State    State
	Info     *string
	Attrs    *attrsJSON
}

type attrsJSON struct {
	Name      string `json:"name"`
	MTU       int    `json:"mtu"`
	Encrypted bool   `json:"encrypted"`
}

type ipamJSON struct {
	Paxos            *struct{ Elector bool }
	Range            string
	RangeNumIPs      *int
	ActiveIPs        *int
	DefaultSubnet    string
	Entries          []ipamEntryJSON
	PendingClaims    []any
	PendingAllocates []any
}

type ipamEntryJSON struct {
	Size        *uint32
	Peer        string
	Nickname    string
	IsKnownPeer *bool
}

type dnsJSON struct {
	Domain   string
	Address  string
	Upstream []string
	Entries  []struct{ Tombstone int64 }
}
