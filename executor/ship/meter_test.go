package ship

import (
	"slices"
	"testing"
	"time"

	"vmqbot/regions"
)

func TestTheMeterTellsBytesRateAndTime(t *testing.T) {
	var said []string
	m := newMeter(func(s string) { said = append(said, s) }, 2*time.Second, "brought", 120_000_000)
	begin := time.Unix(0, 0)
	for _, at := range []struct {
		after time.Duration
		done  int64
	}{
		{0, 0}, {time.Second, 5_000_000}, {2 * time.Second, 10_000_000}, {3 * time.Second, 12_000_000}, {4 * time.Second, 20_000_000},
		{20 * time.Second, 20_000_000}, {40 * time.Second, 20_000_000}, {42 * time.Second, 120_000_000},
	} {
		m.at(at.done, begin.Add(at.after))
	}
	want := []string{
		"\rbrought: 10.0 of 120.0 MB, 5.0 MB/s, 22s left", "\rbrought: 20.0 of 120.0 MB, 5.0 MB/s, 20s left",
		"\rbrought: 20.0 of 120.0 MB, nothing moves", "\rbrought: 20.0 of 120.0 MB, nothing moves", "\rbrought: 120.0 of 120.0 MB, 50.0 MB/s",
	}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
}

func TestTheWayThroughTheRelay(t *testing.T) {
	for _, c := range []struct{ host, jump, relay, want string }{
		{"eu.example.net", "", "", ""},
		{"eu.example.net", "", "hk.example.net", "hk.example.net"},
		{"eu.example.net", "jump.example.net", "hk.example.net", "jump.example.net"},
		{"hk.example.net", "", "hk.example.net", ""},
	} {
		n := through(regions.Node{Host: c.host, SSH: regions.SSH{Jump: c.jump}}, c.relay)
		if n.SSH.Jump != c.want {
			t.Errorf("%+v: through %q", c, n.SSH.Jump)
		}
	}
}
