package probe_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/executor/probe"
	"vmqbot/facts"
	"vmqbot/regions"
)

func mqtt(limit time.Duration) regions.MQTT {
	return regions.MQTT{Topic: "vmqbot/probe", Timeout: limit}
}

func blind(error) facts.Blind { return facts.Down }

// patience is the limit where all will come, however busy this machine is.
const patience = time.Minute

// slower probes with a limit, and with twice that until the machine is fast
// enough for what is well to be seen within it.
func slower(t *testing.T, seen func(limit time.Duration) bool) {
	t.Helper()
	for limit := 500 * time.Millisecond; !seen(limit); limit *= 2 {
		if limit > patience {
			t.Fatalf("not seen within %v either", limit)
		}
	}
}

func cross(t *testing.T, limit time.Duration, points []probe.Point) map[string]facts.Seen[time.Duration] {
	t.Helper()
	found := map[string]facts.Seen[time.Duration]{}
	for _, c := range probe.Cross(t.Context(), mqtt(limit), points, blind) {
		found[c.From+" to "+c.To] = c.Delivered
	}
	if len(found) != len(points)*len(points) {
		t.Errorf("%d crossings of %d nodes", len(found), len(points))
	}
	return found
}

func TestEveryMessageCrosses(t *testing.T) {
	c := &cluster{pass: always}
	points, begun := start(t, c, "cn-1", "sg-1", "us-1"), time.Now()
	for pair, d := range cross(t, patience, points) {
		if took, ok := d.Get(); !ok || took <= 0 || took > time.Since(begun) {
			t.Errorf("%s: %v %s", pair, took, d.Why())
		}
	}
}

// TestADeadColumn is the signature of F2: nothing arrives at the node whose
// cluster port is not bound, and all else is well.
func TestADeadColumn(t *testing.T) {
	c := &cluster{pass: func(_, to string) bool { return to != "cn-1" }}
	points := start(t, c, "cn-1", "sg-1", "us-1")
	slower(t, func(limit time.Duration) bool {
		well, lost := 0, 0
		for pair, d := range cross(t, limit, points) {
			switch dead := strings.HasSuffix(pair, "to cn-1") && pair != "cn-1 to cn-1"; {
			case d.OK() && !dead:
				well++
			case d.OK():
				t.Errorf("%s: it arrived", pair)
			case dead && d.Blind() == facts.TooLate && strings.Contains(d.Why(), "acknowledged, and none arrived at cn-1"):
				if !strings.HasPrefix(d.Why(), "1 messages") { // it was tried again
					lost++
				}
			}
		}
		return well == 7 && lost == 2
	})
}

func TestALateSubscriptionIsNoLoss(t *testing.T) {
	var tried atomic.Int32
	c := &cluster{pass: func(from, to string) bool { return from != "cn-1" || tried.Add(1) > 3 }}
	d := cross(t, patience, start(t, c, "cn-1", "sg-1"))["cn-1 to sg-1"]
	if n := tried.Load(); !d.OK() || n < 4 {
		t.Errorf("after %d messages: %s", n, d.Why())
	}
}

func TestRefusalsSayWhatTheyMean(t *testing.T) {
	for _, c := range []struct {
		what  string
		point func(*testing.T) probe.Point
		want  facts.Blind
		says  string
	}{
		{"CONNACK 1", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 1) }, facts.Denied, "MQTT 3.1.1"},
		{"CONNACK 2", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 2) }, facts.Denied, "client id"},
		{"CONNACK 3", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 3) }, facts.Denied, "allow_register_during_netsplit is off"},
		{"CONNACK 4", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 4) }, facts.Denied, "mqtt.password"},
		{"CONNACK 5", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 5) }, facts.Denied, "not authorized"},
		{"no CONNACK", func(t *testing.T) probe.Point { return says(t) }, facts.Down, "no CONNECT"},
		{"no SUBACK", func(t *testing.T) probe.Point { return says(t, 0x20, 2, 0, 0) }, facts.Down, "no SUBSCRIBE"},
		{"something else", func(t *testing.T) probe.Point { return says(t, 0xd0, 0) }, facts.Failed, "login"},
		{"SUBACK 0x80", func(t *testing.T) probe.Point { return start(t, &cluster{pass: always, deny: "probe"}, "cn-1")[0] }, facts.Denied, "SUBACK 0x80"},
		{"no way there", func(*testing.T) probe.Point {
			return probe.Point{Node: "cn-1", Dial: func(context.Context) (net.Conn, error) { return nil, errors.New("nothing listens there") }}
		}, facts.Down, "nothing listens there"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			probed := func(limit time.Duration) bool {
				d := cross(t, limit, []probe.Point{c.point(t)})["cn-1 to cn-1"]
				t.Logf("within %v %q: %s", limit, d.Blind(), d.Why())
				return d.Blind() == c.want && strings.Contains(d.Why(), c.says)
			}
			if strings.HasPrefix(c.what, "no ") { // the limit ends the silence, and not before all else is done
				slower(t, probed)
			} else if !probed(patience) {
				t.Errorf("want %q: %s", c.want, c.says)
			}
		})
	}
}

// TestOneDeadNodeDoesNotStopTheOthers also proves that a node that cannot be
// reached in time is not taken for a message that was lost.
func TestOneDeadNodeDoesNotStopTheOthers(t *testing.T) {
	points := start(t, &cluster{pass: always}, "cn-1", "sg-1")
	points = append(points, probe.Point{Node: "us-1", Dial: func(ctx context.Context) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	late := func(error) facts.Blind { return facts.TooLate }
	slower(t, func(limit time.Duration) bool {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		well := 0
		for _, c := range probe.Cross(ctx, mqtt(patience), points, late) {
			dead := c.From == "us-1" || c.To == "us-1"
			if dead && c.Delivered.OK() || c.Delivered.Blind() == facts.TooLate {
				t.Errorf("%s to %s: %q %s", c.From, c.To, c.Delivered.Blind(), c.Delivered.Why())
			}
			if c.Delivered.OK() {
				well++
			}
		}
		return well == 4
	})
}
