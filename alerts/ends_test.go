package alerts_test

import (
	"fmt"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/regions"
)

// TestASilenceOfEitherEnd: a link is told under its lesser end, and is quiet by a
// silence, a window or an operation of the region at either.
func TestASilenceOfEitherEnd(t *testing.T) {
	link := func(time.Duration) []string { return []string{"mqtt cn-1 us-1 bad", "mqtt sg-1 eu-1 ok"} }
	for _, c := range []struct {
		region string
		want   alerts.Want
		posts  int
	}{
		{"us", alerts.Silence, 0}, {"cn", alerts.Silence, 0}, {"us", alerts.Maintenance, 0}, {"cn", alerts.Maintenance, 0}, {"", alerts.Silence, 0},
		{"sg", alerts.Silence, 1}, {"eu", alerts.Maintenance, 1},
	} {
		p := newPlay(t)
		p.wishes = []alerts.Wish{{ID: "4f2a91", Want: c.want, Region: c.region, At: noon, For: time.Hour}}
		p.run(30*time.Minute, link)
		if p.ops[alerts.Post] != c.posts || p.ops[alerts.Page] > 0 != (c.posts > 0) {
			t.Errorf("a %s of %q: %d posts, want %d\n%v", c.want, c.region, p.ops[alerts.Post], c.posts, p.log)
		}
		p.run(62*time.Minute, link)
		if p.ops[alerts.Post] != 1 {
			t.Errorf("after the %s of %q: %d posts, want one\n%v", c.want, c.region, p.ops[alerts.Post], p.log)
		}
	}
}

// TestBothEndsOfALinkAreCalled: by their own lists, nobody twice, and as many
// people one after the other as the longer list has.
func TestBothEndsOfALinkAreCalled(t *testing.T) {
	f := fleet(t)
	f.OnCall = map[string]regions.OnCall{
		"us":  {Group: "S0US", People: []string{"U0UMA", "U0ANA", "U0UTE"}},
		"all": {Group: "S0ALL", People: []string{"U0ANA", "U0BOB"}, Managers: []string{"S0LEADS"}},
	}
	link := alerts.Key{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "us-1"}
	for _, c := range []struct {
		key  alerts.Key
		whom alerts.Whom
		want string
	}{
		{link, alerts.OnCall, "[S0ALL S0US]"}, {link, alerts.First, "[U0ANA U0UMA]"}, {link, alerts.Second, "[U0BOB U0ANA]"},
		{link, "person 3", "[U0BOB U0UTE]"}, {link, alerts.Managers, "[S0LEADS S0US U0UMA U0ANA U0UTE]"},
		{alerts.Key{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "sg-1"}, alerts.First, "[U0ANA]"},
		{alerts.Key{Check: "ip", Region: "us", Node: "us-1"}, alerts.First, "[U0UMA]"},
		{alerts.Key{Check: alerts.Self, Region: alerts.Self, Node: alerts.Self}, alerts.First, "[U0ANA U0UMA]"},
		{alerts.Key{Check: alerts.Storm, Region: "fleet", Node: "fleet"}, alerts.OnCall, "[S0ALL S0US]"},
	} {
		if got := fmt.Sprint(alerts.Called(f, c.key, c.whom)); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.whom, c.key, got, c.want)
		}
	}
	if got := alerts.Listed(f, link); got != 3 {
		t.Errorf("%d people one after the other, want 3", got)
	}
}
