package weave

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

type object = map[string]any

func reportOf(self Peer, peers []Peer, connections []Connection, targets []string) object {
	var ps, cs []any
	for _, p := range peers {
		var own []any
		for _, c := range p.Connections {
			own = append(own, object{"Name": c.Name, "NickName": c.NickName, "Address": c.Address, "Outbound": c.Outbound, "Established": c.Established})
		}
		ps = append(ps, object{"Name": p.Name, "NickName": p.NickName, "UID": p.UID, "ShortID": p.ShortID, "Version": p.Version, "Connections": own})
	}
	for _, c := range connections {
		var attrs any
		if c.Carrier != "" {
			a := object{"name": c.Carrier}
			if c.measured() {
				a["mtu"] = c.MTU
			}
			attrs = a
		}
		cs = append(cs, object{"Address": c.Address, "Outbound": c.Outbound, "State": c.State, "Info": c.Info, "Attrs": attrs})
	}
	return object{"Ready": true, "Version": "2.8.1", "IPAM": nil, "DNS": nil, "Router": object{
		"Encryption": true, "PeerDiscovery": true, "Name": self.Name, "NickName": self.NickName,
		"Peers": ps, "Connections": cs, "Targets": targets, "TrustedSubnets": nil}}
}

// Any mesh says the same in JSON and in text.
func TestAnyReport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		peers := drawMesh(t)
		for i := range peers {
			peers[i].UID = rapid.Uint64().Draw(t, "uid")
			peers[i].ShortID = rapid.IntRange(0, 4095).Draw(t, "short id")
		}
		connections := rapid.SliceOfN(rapid.Custom(drawConnection), 0, 9).Draw(t, "connections")
		body, err := json.MarshalIndent(reportOf(peers[0], peers, connections, nil), "", "    ")
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseReport(body)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r.Peers, peers) || !reflect.DeepEqual(r.Connections, append([]Connection{}, connections...)) {
			t.Fatalf("got %+v", r)
		}
		text, err := ParseConnections(answer.Answer{Argv: StatusConnections(), Stdout: renderConnections(connections)})
		if err != nil || !reflect.DeepEqual(text.Connections, r.Connections) {
			t.Fatalf("text and JSON disagree: %v\n%+v\n%+v", err, text.Connections, r.Connections)
		}
		if _, err := ParseReport(body[:rapid.IntRange(0, len(body)-1).Draw(t, "cut")]); err == nil {
			t.Fatal("a cut report was understood")
		}
	})
}

func TestReportSample(t *testing.T) {
	a, _ := sample(t, "weave-report.txtar")
	r, err := ParseReport([]byte(a.Stdout))
	if err != nil {
		t.Fatal(err)
	}
	eu, ok := r.Peer("fa:fe:5f:5a:ab:a6")
	if !ok || eu.UID != 17091551246941901157 || eu.ShortID != 362 || len(eu.Connections) != 3 {
		t.Errorf("eu: %+v", eu)
	}
	if i := r.IPAM; i.RangeIPs != 1048576 || i.ActiveIPs != 3 || len(i.Owners) != 4 || i.Owners[0].IPs != 258+1048315 || !i.Owners[0].Local {
		t.Errorf("ipam: %+v", i)
	}
	if r.DNS.Address != "172.17.0.1:53" || len(r.Targets) != 0 || r.Targets == nil || r.Encryption || !r.PeerDiscovery {
		t.Errorf("report: %+v", r)
	}
}

// The state of allocation follows the template of weave status.
func TestReportIPAM(t *testing.T) {
	self := Peer{Name: "0a:0b:0c:0d:0e:0f"}
	entry := func(peer string, known bool, size int) object {
		return object{"Peer": peer, "Nickname": "n", "IsKnownPeer": known, "Size": size}
	}
	for _, c := range []struct {
		entries, pending []any
		paxos            any
		want             IPAMState
	}{
		{nil, nil, nil, IPAMIdle},
		{nil, nil, object{"Elector": true}, IPAMConsensus},
		{nil, nil, object{"Elector": false}, IPAMPriming},
		{[]any{entry(self.Name, true, 8)}, nil, nil, IPAMReady},
		{[]any{entry(self.Name, true, 8)}, []any{"c1"}, nil, IPAMWaiting},
		{[]any{entry("0a:0b:0c:0d:0e:10", false, 8), entry(self.Name, true, 0)}, nil, nil, IPAMUnreachable},
	} {
		o := reportOf(self, []Peer{self}, nil, []string{"203.0.113.20"})
		o["IPAM"] = object{"Range": "10.40.0.0/16", "RangeNumIPs": 65536, "ActiveIPs": 2, "Entries": c.entries, "PendingAllocates": c.pending, "Paxos": c.paxos}
		o["DNS"] = object{"Domain": "weave.local.", "Address": "172.17.0.1:53", "Entries": []any{object{"Tombstone": 0}, object{"Tombstone": 9}}}
		body, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseReport(body)
		if err != nil || r.IPAM.State != c.want || r.DNS.Entries != 1 || !slices.Equal(r.Targets, []string{"203.0.113.20"}) {
			t.Errorf("%v: %v %+v, want %s", c.entries, err, r.IPAM, c.want)
		}
		if m := r.meaning(); c.want.trouble() != "" && !strings.Contains(m, c.want.trouble()) {
			t.Errorf("%s means %q", c.want, m)
		}
	}
}

// Without any one of these fields, or with another type in it, nothing is
// known.
func TestReportRefuses(t *testing.T) {
	a, _ := sample(t, "weave-report.txtar")
	for _, path := range []string{
		"Ready", "Version", "Router", "Router.Name", "Router.NickName", "Router.Encryption", "Router.PeerDiscovery",
		"Router.Peers", "Router.Peers.0.Name", "Router.Peers.1.UID", "Router.Peers.1.ShortID", "Router.Peers.2.NickName",
		"Router.Peers.3.Version", "Router.Peers.0.Connections.1.Address", "Router.Peers.0.Connections.1.Established",
		"Router.Peers.0.Connections.1.Outbound", "Router.Connections.0.State", "Router.Connections.1.Address",
		"Router.Connections.2.Outbound", "Router.Connections.2.Info", "Router.Connections.0.Attrs", "IPAM.Range",
		"IPAM.RangeNumIPs", "IPAM.Entries.2.Size", "IPAM.Entries.2.IsKnownPeer", "IPAM.Entries.1.Peer",
	} {
		for name, change := range map[string]func(object, string){
			"missing":    func(o object, key string) { delete(o, key) },
			"wrong type": func(o object, key string) { o[key] = object{"x": []int{1}} },
		} {
			var tree object
			if err := json.Unmarshal([]byte(a.Stdout), &tree); err != nil {
				t.Fatal(err)
			}
			parent, key := walk(t, tree, strings.Split(path, "."))
			change(parent, key)
			body, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			var no *answer.Refusal
			if _, err := ParseReport(body); !errors.As(err, &no) || no.Kind != answer.Garbled {
				t.Errorf("%s %s: %v", path, name, err)
			}
		}
	}
	for _, body := range []string{"", "null", "{}", "[]", `"Ready"`, a.Stdout + "{", "\xff" + a.Stdout, "error: must supply one format parameter\n"} {
		if r, err := ParseReport([]byte(body)); err == nil {
			t.Errorf("%.40q was understood: %+v", body, r)
		}
	}
}

func walk(t *testing.T, tree any, path []string) (object, string) {
	t.Helper()
	for ; len(path) > 1; path = path[1:] {
		switch n := tree.(type) {
		case object:
			tree = n[path[0]]
		case []any:
			tree = n[slices.Index([]string{"0", "1", "2", "3"}, path[0])]
		}
	}
	return tree.(object), path[0]
}
