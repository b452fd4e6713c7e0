package weavenet

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// The report that is written by hand is what encoding/json makes of it, to the
// byte, whatever the names are.
func TestTheReportIsJSON(t *testing.T) {
	name := rapid.OneOf(rapid.StringMatching(`[a-z0-9-]{1,8}`), rapid.String(), rapid.SampledFrom([]string{`"`, `\`, "<&>", "\n", "é", "\u2028", "\x7f", "\"Peers\": null,", ""}))
	conn := rapid.Custom(func(t *rapid.T) peerConn {
		return peerConn{name.Draw(t, "name"), name.Draw(t, "nick"), name.Draw(t, "address"), rapid.Bool().Draw(t, "outbound"), rapid.Bool().Draw(t, "established")}
	})
	one := rapid.Custom(func(t *rapid.T) peer {
		p := peer{Name: name.Draw(t, "peer"), NickName: name.Draw(t, "nick"), UID: rapid.Uint64().Draw(t, "uid"), ShortID: rapid.Uint16().Draw(t, "short"), Version: rapid.Uint64().Draw(t, "version")}
		if rapid.Bool().Draw(t, "has connections") {
			p.Connections = rapid.SliceOfN(conn, 0, 3).Draw(t, "connections")
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		rep := report{Ready: true, Version: name.Draw(t, "version"), Router: &routerReport{
			Name: name.Draw(t, "router"), NickName: name.Draw(t, "nick"), Targets: []string{name.Draw(t, "target")},
			Peers: rapid.SliceOfN(one, 0, 3).Draw(t, "peers"),
		}}
		want, err := json.MarshalIndent(rep, "", "    ")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rep.text(); err != nil || string(got) != string(want) {
			t.Fatalf("%v\n%s\nwant\n%s", err, got, want)
		}
	})
}
