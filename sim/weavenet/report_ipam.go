package weavenet

type ipamReport struct {
	Paxos            *paxosReport
	Range            string
	RangeNumIPs      int
	ActiveIPs        int
	DefaultSubnet    string
	Entries          []share
	PendingClaims    []string
	PendingAllocates []string
}

type paxosReport struct {
	Elector    bool
	KnownNodes int
	Quorum     uint
}

type share struct {
	Token          string
	Size           uint32
	Peer, Nickname string
	IsKnownPeer    bool
	Version        uint32
}

func (a *allocator) report() *ipamReport {
	active := a.active()
	r := a.r
	r.mu.Lock()
	defer r.mu.Unlock()
	rep := &ipamReport{Range: r.s.ipRange.String(), RangeNumIPs: int(size(r.s.ipRange)), ActiveIPs: active, DefaultSubnet: r.s.defaultSubnet.String()}
	if a.ring.empty() && a.pending > 0 {
		rep.Paxos = &paxosReport{true, len(r.mesh.order), uint(r.clustered)}
	}
	for i, e := range a.ring.Entries {
		rep.Entries = append(rep.Entries, share{address(e.Token).String(), a.ring.length(i), e.Peer, a.ring.Nicks[e.Peer], r.mesh.peers[e.Peer] != nil, e.Version})
	}
	return rep
}

// active is how many addresses of the range are in use here.
func (a *allocator) active() int {
	a.prune()
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, o := range a.owned {
		if a.r.s.ipRange.Contains(o.cidr.Addr()) {
			n++
		}
	}
	return n
}
