package weavenet

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// ring is who owns which share of the address range: each entry owns from its
// token to the next one's, as weave's ipam/ring keeps it.
type ring struct {
	Range   netip.Prefix
	Seeds   []string
	Nicks   map[string]string
	Entries []entry
}

// entry begins a share.
type entry struct {
	Token   uint32
	Peer    string
	Version uint32
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func address(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

func size(p netip.Prefix) uint32 { return 1 << (32 - p.Bits()) }

func (r *ring) empty() bool { return len(r.Entries) == 0 }

func (r *ring) clone() ring {
	c := *r
	c.Entries, c.Seeds = slices.Clone(r.Entries), slices.Clone(r.Seeds)
	c.Nicks = map[string]string{}
	for peer, nick := range r.Nicks {
		c.Nicks[peer] = nick
	}
	return c
}

// seed divides the whole range among peers.
func (r *ring) seed(peers []string) {
	r.Seeds = slices.Sorted(slices.Values(peers))
	share := size(r.Range) / uint32(len(peers))
	for i, peer := range r.Seeds {
		r.Entries = append(r.Entries, entry{Token: number(r.Range.Addr()) + uint32(i)*share, Peer: peer})
	}
}

// at is the index of the share that an address is in.
func (r *ring) at(a netip.Addr) int {
	n := number(a)
	i, found := slices.BinarySearchFunc(r.Entries, n, func(e entry, n uint32) int {
		switch {
		case e.Token < n:
			return -1
		case e.Token > n:
			return 1
		}
		return 0
	})
	switch {
	case found:
		return i
	case i == 0:
		return len(r.Entries) - 1
	}
	return i - 1
}

// owner is whose address it is; "" before the ring is seeded.
func (r *ring) owner(a netip.Addr) string {
	if r.empty() {
		return ""
	}
	return r.Entries[r.at(a)].Peer
}

// grant gives one address away, as GrantRangeToHost does.
func (r *ring) grant(a netip.Addr, peer string) {
	n := number(a)
	i := r.at(a)
	us := r.Entries[i].Peer
	if r.Entries[i].Token == n {
		r.Entries[i].Peer = peer
		r.Entries[i].Version++
	} else {
		r.Entries[i].Version++
		i++
		r.Entries = slices.Insert(r.Entries, i, entry{Token: n, Peer: peer})
	}
	end := n + 1
	if end == number(r.Range.Addr())+size(r.Range) {
		return
	}
	if i+1 == len(r.Entries) || r.Entries[i+1].Token != end {
		r.Entries = slices.Insert(r.Entries, i+1, entry{Token: end, Peer: us})
	}
}

// transfer gives all shares of a peer to another and says how many addresses
// those are.
func (r *ring) transfer(from, to string) uint32 {
	moved := uint32(0)
	for i := range r.Entries {
		if r.Entries[i].Peer == from {
			r.Entries[i].Peer = to
			r.Entries[i].Version += 100
			moved += r.length(i)
		}
	}
	return moved
}

// length is how many addresses a share has.
func (r *ring) length(i int) uint32 {
	end := number(r.Range.Addr()) + size(r.Range)
	if i+1 < len(r.Entries) {
		end = r.Entries[i+1].Token
	}
	return end - r.Entries[i].Token
}

// merge takes another router's ring. What contradicts ends the connection.
func (r *ring) merge(o ring) (changed bool, err error) {
	switch {
	case o.empty():
		return false, nil
	case r.Range != o.Range:
		return false, fmt.Errorf("Incompatible IP allocation ranges (received: %s, ours: %s)", o.Range, r.Range) //nolint:staticcheck // weave's words
	case r.empty():
		*r = o.clone()
		return true, nil
	case !slices.Equal(r.Seeds, o.Seeds):
		return false, fmt.Errorf("IP allocation was seeded by different peers (received: %s, ours: %s)", o.seeds(), r.seeds()) //nolint:staticcheck // weave's words
	}
	for peer, nick := range o.Nicks {
		if r.Nicks[peer] == "" {
			r.Nicks[peer], changed = nick, true
		}
	}
	for _, e := range o.Entries {
		i, found := slices.BinarySearchFunc(r.Entries, e.Token, func(m entry, t uint32) int { return int(int64(m.Token) - int64(t)) })
		switch {
		case !found:
			r.Entries = slices.Insert(r.Entries, i, e)
			changed = true
		case e.Version > r.Entries[i].Version:
			r.Entries[i] = e
			changed = true
		}
	}
	return changed, nil
}

// seeds prints the seeds as weave does: with their nicknames.
func (r *ring) seeds() string {
	var list []string
	for _, peer := range r.Seeds {
		if nick := r.Nicks[peer]; nick != "" {
			peer += "(" + nick + ")"
		}
		list = append(list, peer)
	}
	return "[" + strings.Join(list, " ") + "]"
}
