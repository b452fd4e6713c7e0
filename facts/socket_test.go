package facts

import (
	"net/netip"
	"strings"
	"testing"
)

func TestHealthyPairOfNamespaces(t *testing.T) {
	cn := readNetns(t, "cn.fib_trie", "cn.tcp", "cn.tcp6")
	sg := readNetns(t, "cn.fib_trie", "sg.tcp")
	if !cn.Has(cnCluster.Addr()) || cn.Has(sgCluster.Addr()) {
		t.Errorf("cn holds 10.0.0.1 and not 10.0.0.2: %v", cn.Addresses)
	}
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"cn dials sg", cn.ConnectedTo(sgCluster)},
		{"sg has cn's call", sg.ConnectedFrom(cnCluster.Addr(), sgCluster)},
		{"sg dials cn", sg.ConnectedTo(cnCluster)},
		{"cn has sg's call", cn.ConnectedFrom(sgCluster.Addr(), cnCluster)},
		{"cn does not dial itself", !cn.ConnectedTo(cnCluster)},
		{"an incoming call is no outgoing one", !cn.ConnectedTo(netip.MustParseAddrPort("10.0.0.2:44054"))},
		{"a listening socket is no call", !cn.ConnectedFrom(netip.MustParseAddr("0.0.0.0"), cnCluster)},
	} {
		if !c.ok {
			t.Errorf("%s: not so", c.name)
		}
	}
}

// A call that is closing, or that ends at another of the node's ports, carries
// no message.
func TestOnlyAnEstablishedCallIsAChannel(t *testing.T) {
	from := netip.MustParseAddrPort("10.0.0.2:40000")
	for _, k := range []Socket{
		{Local: cnCluster, Remote: from, State: Listen},
		{Local: cnCluster, Remote: from, State: 6}, // TIME_WAIT
		{Local: cnCluster, Remote: from, State: 8}, // CLOSE_WAIT
		{Local: netip.MustParseAddrPort("10.0.0.1:1883"), Remote: from, State: Established},
	} {
		if n := (Netns{Sockets: []Socket{k}}); n.ConnectedFrom(from.Addr(), cnCluster) {
			t.Errorf("%+v is taken for a channel from sg", k)
		}
		if n := (Netns{Sockets: []Socket{{Local: from, Remote: cnCluster, State: k.State}}}); k.State != Established && n.ConnectedTo(cnCluster) {
			t.Errorf("%+v is taken for a channel to cn", k)
		}
	}
}

// What is left when the address goes and the broker runs on: the sockets
// survive, so sockets alone are no proof of the address.
func TestSocketsSurviveALostAddress(t *testing.T) {
	cn := readNetns(t, "cn-address-lost.fib_trie", "cn-address-lost.tcp")
	if exact, _ := cn.Listens(cnCluster); !exact || cn.Has(cnCluster.Addr()) {
		t.Errorf("10.0.0.1 is gone and 44053 still listens on it; read addresses %v", cn.Addresses)
	}
}

func TestListens(t *testing.T) {
	for _, c := range []struct {
		name, at        string
		exact, wildcard bool
	}{
		{"on exactly this address", "10.0.0.1:44053", true, false},
		{"on the neighbor's address", "10.0.0.2:44053", false, false},
		{"on an address that contains it", "110.0.0.1:44053", false, false},
		{"on every address", "10.0.0.1:1883", false, true},
		{"the next port is another port", "10.0.0.1:44054", false, true},
		{"a port that begins alike", "10.0.0.1:4405", true, false},
		{"an established call from that port is no listener", "10.0.0.1:57452", false, false},
		{"loopback is not the address", "10.0.0.1:8888", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := readNetns(t, "cn.fib_trie", "cn.tcp")
			exact, wildcard := n.Listens(netip.MustParseAddrPort(c.at))
			if exact != c.exact || wildcard != c.wildcard {
				t.Errorf("%s: got exact %v, wildcard %v; want %v, %v", c.at, exact, wildcard, c.exact, c.wildcard)
			}
		})
	}
}

func FuzzParseFibTrie(f *testing.F) {
	for _, name := range []string{"cn.fib_trie", "cn-address-lost.fib_trie", "loopback-only.fib_trie"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseFibTrie(text)
		if err != nil {
			return
		}
		if !(Netns{Addresses: got}).Has(netip.MustParseAddr("127.0.0.1")) {
			t.Fatal("accepted without the proof that it was read")
		}
		for i, a := range got {
			if !strings.Contains(text, "|-- "+a.String()) && a.Is4() {
				t.Fatalf("%v is not in the text", a)
			}
			if i > 0 && got[i-1].Compare(a) >= 0 {
				t.Fatalf("not sorted, or twice: %v", got)
			}
		}
	})
}

func FuzzParseTCP(f *testing.F) {
	for _, name := range []string{"cn.tcp", "cn.tcp6", "sg.tcp"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTCP(text)
		if err != nil {
			return
		}
		if len(got) > strings.Count(text, "\n") {
			t.Fatalf("%d sockets from %d lines", len(got), strings.Count(text, "\n"))
		}
		for _, s := range got {
			if s.State != Listen && s.State != Established || !s.Local.IsValid() || !s.Remote.IsValid() {
				t.Fatalf("half understood: %+v", s)
			}
		}
	})
}
