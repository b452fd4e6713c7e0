package weave

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

// explained reads an answer through the front door and compares the facts.
func explained(t *rapid.T, argv, stdout string, want any) {
	a := answer.Answer{Argv: strings.Fields(argv), Stdout: stdout}
	m, ok := Explain(a)
	if !ok {
		t.Fatalf("not recognized:\n%s", stdout)
	}
	if !reflect.DeepEqual(m.Facts, want) {
		t.Fatalf("%s\n got %+v\nwant %+v", stdout, m.Facts, want)
	}
	a.Stdout = strings.ReplaceAll(stdout, "\n", "\r\n") + "\r\n"
	if again, _ := Explain(a); stdout != "" && !reflect.DeepEqual(again, m) {
		t.Fatalf("with CRLF it means something else: %+v", again)
	}
	if n := len(stdout); n > 1 {
		a.Stdout = stdout[:rapid.IntRange(1, n-1).Draw(t, "cut")]
		if _, ok := Explain(a); ok && !strings.HasSuffix(a.Stdout, "\n") {
			t.Fatalf("cut in the middle of a line, and recognized:\n%s", a.Stdout)
		}
	}
}

func TestAnyConnections(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfNDistinct(rapid.Custom(drawConnection), 0, 12, rapid.ID).Draw(t, "connections")
		explained(t, "weave status connections", renderConnections(all), Connections{Ready: true, Connections: append([]Connection{}, all...)})
	})
}

func TestAnyPeers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		peers := drawMesh(t)
		text := renderPeers(peers)
		explained(t, "weave status peers", text, Peers{Ready: true, Peers: peers})
		rows := strings.SplitAfter(text, "\n")
		k := rapid.IntRange(1, len(rows)-1).Draw(t, "lines")
		got, err := ParsePeers(answer.Answer{Stdout: strings.Join(rows[:k], "")})
		if err == nil && !excused(got.Peers, peers) {
			t.Fatalf("cut after %d lines, and half understood: %+v", k, got)
		}
	})
}

// excused reports whether got is a beginning of all that nobody can tell from
// a whole list: everything but the last paragraph is whole, and what that one
// lost leads to peers that nobody else in the list knows.
func excused(got, all []Peer) bool {
	last := len(got) - 1
	if !reflect.DeepEqual(got[:last], all[:last]) {
		return false
	}
	for _, hidden := range all[last+1:] {
		if got[last].has(hidden.Name) || slices.ContainsFunc(got[:last], func(p Peer) bool { return p.has(hidden.Name) }) {
			return false
		}
	}
	for _, shown := range got[:last] {
		if all[last].has(shown.Name) != got[last].has(shown.Name) {
			return false
		}
	}
	return true
}

func TestAnyIPAM(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rest := uint32(1) << rapid.IntRange(4, 30).Draw(t, "range")
		var owners []IPAMOwner
		for rest > 0 {
			o := IPAMOwner{Name: drawMAC(t), NickName: drawNick(t), IPs: rest, Reachable: true}
			if len(owners) < 5 {
				o.IPs = rapid.Uint32Range(1, rest).Draw(t, "ips")
			}
			if o.Local = len(owners) == 0; o.Local {
				o.Active = rapid.IntRange(0, 99999).Draw(t, "active")
			} else {
				o.Reachable = rapid.Bool().Draw(t, "reachable")
			}
			owners, rest = append(owners, o), rest-o.IPs
		}
		text := renderIPAM(owners)
		explained(t, "weave status ipam", text, IPAM{Ready: true, Owners: owners})
		rows := strings.SplitAfter(text, "\n")
		k := rapid.IntRange(1, len(rows)-1).Draw(t, "lines")
		if got, err := ParseIPAM(answer.Answer{Stdout: strings.Join(rows[:k], "")}); err == nil && k < len(owners) {
			t.Fatalf("%d of %d shares were taken for all: %+v", k, len(owners), got)
		}
	})
}

func TestAnyDNSTargetsAndPS(t *testing.T) {
	id := rapid.StringMatching(`[0-9a-f]{12}`)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "n")
		dns, ps, targets := []DNSEntry{}, []PSEntry{}, []string{}
		for range n {
			name := rapid.StringMatching(`[a-z0-9-]{1,40}`).Draw(t, "name")
			dns = append(dns, DNSEntry{name, drawIP(t), id.Draw(t, "id"), drawMAC(t)})
			e := PSEntry{id.Filter(isNew(ps, func(e PSEntry) string { return e.ID })).Draw(t, "id"), drawMAC(t), []netip.Prefix{}}
			for range rapid.IntRange(0, 3).Draw(t, "addresses") {
				e.Addresses = append(e.Addresses, netip.PrefixFrom(drawIP(t), rapid.IntRange(0, 32).Draw(t, "bits")))
			}
			ps = append(ps, e)
			target := rapid.StringMatching(`[a-z0-9][a-z0-9.-]{0,30}(:[0-9]{1,5})?`)
			targets = append(targets, target.Filter(isNew(targets, strings.Clone)).Draw(t, "target"))
		}
		explained(t, "weave status dns", renderDNS(dns), DNSEntries{Ready: true, Entries: dns})
		explained(t, "weave ps", renderPS(ps), PSList{Entries: ps})
		text := strings.Join(targets, "\n")
		if n > 0 {
			text += "\n"
		}
		explained(t, "weave status targets", text, Targets{Ready: true, Targets: targets})
	})
}

// isNew reports names that a list does not hold yet: weave keeps sets.
func isNew[T any](all []T, name func(T) string) func(string) bool {
	return func(s string) bool { return !slices.ContainsFunc(all, func(e T) bool { return name(e) == s }) }
}
