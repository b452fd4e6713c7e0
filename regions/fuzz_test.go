package regions_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"vmqbot/regions"
)

// FuzzLoad: whatever is written, the answer is a fleet that holds its own
// promises or problems that a person can act on, and never a secret in words.
func FuzzLoad(f *testing.F) {
	f.Add(regions.Example)
	f.Add(small)
	for _, row := range refusals {
		if from, to, ok := strings.Cut(row.change, " -> "); ok {
			f.Add(strings.Replace(small, from, to, 1))
		} else {
			f.Add(small + row.change)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		fleet, err := regions.Load("f", []byte(src), resolve)
		if (fleet == nil) == (err == nil) {
			t.Fatalf("fleet %v and error %v", fleet, err)
		}
		if err != nil {
			problemsAreSentences(t, src, err)
			return
		}
		if s := fmt.Sprintf("%+v", fleet); strings.Contains(s, fakeSecret) && !strings.Contains(src, fakeSecret) {
			t.Error("the fleet prints a secret")
		}
		promises(t, fleet)
	})
}

func problemsAreSentences(t *testing.T, src string, err error) {
	t.Helper()
	if strings.Contains(err.Error(), fakeSecret) && !strings.Contains(src, fakeSecret) {
		t.Errorf("the error prints a secret: %v", err)
	}
	ps := regions.Problems(err)
	if len(ps) == 0 {
		t.Errorf("%v is no problem", err)
	}
	for _, p := range ps {
		if p.File != "f" || p.Line < 1 || p.Line > strings.Count(src, "\n")+strings.Count(src, "\r")+1 {
			t.Errorf("line %d of %s: %v", p.Line, p.File, p)
		}
		if !strings.HasSuffix(p.Msg, ".") || !strings.HasSuffix(p.Fix, ".") || strings.Contains(p.Error(), "\n") {
			t.Errorf("%q is not two sentences on one line", p)
		}
	}
}

func promises(t *testing.T, fleet *regions.Fleet) {
	t.Helper()
	names, addresses := map[string]bool{"all": true}, map[netip.Addr]bool{}
	for _, g := range fleet.Regions {
		if names[g.Name] || len(g.Nodes) == 0 {
			t.Errorf("region %+v", g)
		}
		names[g.Name] = true
	}
	if len(fleet.Regions) == 0 || fleet.Cluster == "" {
		t.Error("a fleet without regions or name")
	}
	for _, n := range fleet.Nodes() {
		if names[n.Name] || addresses[n.Address.Addr()] || !fleet.Network.Subnet.Contains(n.Address.Addr()) {
			t.Errorf("node %+v", n)
		}
		names[n.Name], addresses[n.Address.Addr()] = true, true
		if n.Host == "" || n.Container == "" || n.Image == "" {
			t.Errorf("node %+v", n)
		}
		for _, word := range []string{n.Host, n.Container, n.Image, n.SSH.User, n.SSH.Jump} {
			if strings.ContainsAny(word, " \n'\"$;&|`\\<>(){}*?!#~") || strings.HasPrefix(word, "-") {
				t.Errorf("%q reaches a command line", word)
			}
		}
		if _, again := fleet.Node(n.Name); !again {
			t.Errorf("node %s is not found", n.Name)
		}
	}
}
