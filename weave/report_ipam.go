package weave

import (
	"fmt"
	"net/netip"
)

// summary decides the state as the template of weave status does.
func (j *ipamJSON) summary(self string) (*IPAMSummary, error) {
	if j == nil {
		return nil, nil
	}
	if _, err := netip.ParsePrefix(j.Range); err != nil || j.RangeNumIPs == nil || j.ActiveIPs == nil {
		return nil, fmt.Errorf("the allocation of addresses %q is not described in full", j.Range)
	}
	s := &IPAMSummary{
		State: IPAMIdle, Range: j.Range, DefaultSubnet: j.DefaultSubnet, RangeIPs: *j.RangeNumIPs, ActiveIPs: *j.ActiveIPs,
		Owners: []IPAMOwner{}, PendingClaims: len(j.PendingClaims), PendingAllocates: len(j.PendingAllocates),
	}
	reachable := false
	for _, e := range j.Entries {
		if !isMAC(e.Peer) || e.Size == nil || e.IsKnownPeer == nil {
			return nil, fmt.Errorf("the share of %q is not described in full", e.Peer)
		}
		reachable = reachable || *e.IsKnownPeer && *e.Size > 0
		s.add(e, self)
	}
	switch {
	case len(j.Entries) > 0 && !reachable:
		s.State = IPAMUnreachable
	case len(j.Entries) > 0 && len(j.PendingAllocates) > 0:
		s.State = IPAMWaiting
	case len(j.Entries) > 0:
		s.State = IPAMReady
	case j.Paxos != nil && j.Paxos.Elector:
		s.State = IPAMConsensus
	case j.Paxos != nil:
		s.State = IPAMPriming
	}
	return s, nil
}

// add counts an entry for its owner; a peer owns many parts of the range.
func (s *IPAMSummary) add(e ipamEntryJSON, self string) {
	for i := range s.Owners {
		if s.Owners[i].Name == e.Peer {
			s.Owners[i].IPs += *e.Size
			return
		}
	}
	o := IPAMOwner{Name: e.Peer, NickName: e.Nickname, IPs: *e.Size, Local: e.Peer == self, Reachable: *e.IsKnownPeer}
	if o.Local {
		o.Active = s.ActiveIPs
	}
	s.Owners = append(s.Owners, o)
}

func (j *dnsJSON) summary() *DNSSummary {
	if j == nil {
		return nil
	}
	s := &DNSSummary{Domain: j.Domain, Address: j.Address, Upstream: append([]string{}, j.Upstream...)}
	for _, e := range j.Entries {
		if e.Tombstone == 0 {
			s.Entries++
		}
	}
	return s
}
