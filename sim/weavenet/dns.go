package weavenet

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// names are what weaveDNS knows on one host. Names are not gossiped here, and
// nothing answers on port 53.
type names struct {
	mu      sync.Mutex
	entries []dnsEntry
}

type dnsEntry struct {
	Hostname, Origin, ContainerID, Address string
	Version, Tombstone                     int
}

const dnsDomain = "weave.local."

type dnsReport struct {
	Domain   string
	Upstream []string
	Address  string
	TTL      int
	Entries  []dnsEntry
}

func (r *router) dnsReport() *dnsReport {
	r.dns.mu.Lock()
	defer r.dns.mu.Unlock()
	return &dnsReport{dnsDomain, r.h.o.Upstream, r.s.dnsListen, 1, append([]dnsEntry(nil), r.dns.entries...)}
}

// add gives a container's address a name; names of other domains are not
// taken.
func (d *names) add(origin, container string, addr netip.Addr, fqdn string) error {
	if !strings.HasSuffix(fqdn, ".") {
		fqdn += "."
	}
	if !strings.HasSuffix(fqdn, "."+dnsDomain) {
		return fmt.Errorf("name %q is not in the domain %q", fqdn, dnsDomain)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	e := dnsEntry{Hostname: fqdn, Origin: origin, ContainerID: container, Address: addr.String()}
	if !slices.Contains(d.entries, e) {
		d.entries = append(d.entries, e)
	}
	return nil
}

// remove takes names away; an empty name means all.
func (d *names) remove(container string, addr netip.Addr, fqdn string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = slices.DeleteFunc(d.entries, func(e dnsEntry) bool {
		return e.ContainerID == container && e.Address == addr.String() && (fqdn == "" || strings.TrimSuffix(e.Hostname, ".") == strings.TrimSuffix(fqdn, "."))
	})
}
