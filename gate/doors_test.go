package gate_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"vmqbot/gate"
)

func TestDoorsText(t *testing.T) {
	list := []netip.AddrPort{
		netip.MustParseAddrPort("0.0.0.0:1883"), netip.MustParseAddrPort("0.0.0.0:1889"), netip.MustParseAddrPort("172.17.0.2:1900"), netip.MustParseAddrPort("[::]:1883"),
	}
	text := gate.Doors(list)
	want := "# MQTT ports that the gate opens when the broker is ready: ADDRESS PORT [--FLAG=VALUE...]\n0.0.0.0 1883\n0.0.0.0 1889\n172.17.0.2 1900\n:: 1883\n"
	if text != want {
		t.Errorf("written as\n%s", text)
	}
	if got, err := gate.ParseDoors(text); err != nil || !slices.Equal(got, list) {
		t.Errorf("read as %v, %v", got, err)
	}
	for _, none := range []string{gate.Doors(nil), "", "\n", "  # 0.0.0.0 1883"} {
		if got, err := gate.ParseDoors(none); err != nil || got != nil {
			t.Errorf("%q: %v, %v", none, got, err)
		}
	}
	if got, err := gate.ParseDoors("\t0.0.0.0   1883"); err != nil || !slices.Equal(got, list[:1]) {
		t.Errorf("by hand: %v, %v", got, err)
	}
}

func TestDoorsRefused(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"0.0.0.0 1883\n0.0.0.0:1889\n", `line 2 of vmqbot.listeners is "0.0.0.0:1889"`},
		{"0.0.0.0", `line 1 of vmqbot.listeners is "0.0.0.0"`},
		{"0.0.0.0 mqtt", `"0.0.0.0 mqtt"`},
		{"0.0.0.0 0", `"0.0.0.0 0"`},
		{"0.0.0.0 01883", `"0.0.0.0 01883"`},
		{"0.0.0.0 +1883", `"0.0.0.0 +1883"`},
		{"0.0.0.0 65536", `"0.0.0.0 65536"`},
		{"0.0.0.0 1883 1889", `"0.0.0.0 1883 1889"`},
		{"localhost 1883", `"localhost 1883"`},
	} {
		got, err := gate.ParseDoors(c.text)
		if err == nil || got != nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "deploy again") {
			t.Errorf("%q: %v, %v", c.text, got, err)
		}
	}
}

func FuzzParseDoors(f *testing.F) {
	f.Add("# none\n0.0.0.0 1883\n:: 1900")
	f.Add("fe80::1%eth0 1883\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := gate.ParseDoors(text)
		if err != nil {
			return
		}
		if again, err := gate.ParseDoors(gate.Doors(list)); err != nil || !slices.Equal(again, list) {
			t.Fatalf("%q was read as %v and then as %v, %v", text, list, again, err)
		}
	})
}
