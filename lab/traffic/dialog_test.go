package traffic

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// answers is a broker that answers one packet after the other with these
// bytes, and then cuts the connection, or with none left says nothing more.
func answers(t *testing.T, cut bool, lines ...[]byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close() //nolint:errcheck // a test's
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		for _, line := range lines {
			if _, err := packets.ReadPacket(c); err != nil {
				return
			}
			_, _ = c.Write(line)
		}
		if cut {
			_, _ = packets.ReadPacket(c)
			return
		}
		for { // until the client gives up
			if _, err := packets.ReadPacket(c); err != nil {
				return
			}
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String()
}

func TestADialogTellsWhatWasAnswered(t *testing.T) {
	welcome, puback := []byte{0x20, 2, 0, 0}, []byte{0x40, 2, 0, 1}
	gone := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() //nolint:errcheck // that is the point
		return l.Addr().String()
	}
	for what, c := range map[string]struct {
		address string
		want    end
		count   Counts
	}{
		"all is well": {answers(t, false, welcome, puback), end{answered: true, published: true, acked: true},
			Counts{Connects: 1, Published: 1, Acknowledged: 1}},
		"CONNACK 3": {answers(t, false, []byte{0x20, 2, 0, 3}), end{answered: true, code: 3, trouble: "CONNACK 3"},
			Counts{Connects: 1, Refused: 1}},
		"CONNACK 5": {answers(t, true, []byte{0x20, 2, 0, 5}), end{answered: true, code: 5, trouble: "CONNACK 5"},
			Counts{Connects: 1, Refused: 1}},
		"nobody there": {gone(), end{trouble: "connection refused"}, Counts{Connects: 1, Unreachable: 1}},
		"no CONNACK":   {answers(t, false), end{silent: true, trouble: "no CONNACK"}, Counts{Connects: 1, Silent: 1}},
		"cut before the CONNACK": {answers(t, true), end{cut: true, trouble: "cut before the CONNACK"},
			Counts{Connects: 1, Cut: 1}},
		"no PUBACK": {answers(t, false, welcome), end{answered: true, published: true, silent: true, trouble: "no PUBACK"},
			Counts{Connects: 1, Published: 1, Silent: 1}},
		"cut before the PUBACK": {answers(t, true, welcome), end{answered: true, published: true, cut: true, trouble: "cut before the PUBACK"},
			Counts{Connects: 1, Published: 1, Cut: 1}},
		"something else": {answers(t, false, puback), end{cut: true, trouble: "cut before the CONNACK"}, Counts{Connects: 1, Cut: 1}},
	} {
		t.Run(what, func(t *testing.T) {
			tally := &tally{troubles: map[string]*Trouble{}}
			tally.begin()
			p := &pair{from: Region{"cn", c.address}, to: Region{"sg", ""}, topic: "t", tally: tally}
			r := &Run{options: Options{Patience: 300 * time.Millisecond, Size: 50}, nonce: "n", tally: tally}
			n := p.next()
			got := r.dialog(p, "1", n)
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			p.note(n, got)
			count := p.counts()
			if c.want.code != 0 && count.RefusedBy[string('0'+c.want.code)] != 1 {
				t.Errorf("refused by %v", count.RefusedBy)
			}
			count.RefusedBy, count.LongestGap = nil, 0
			if c.count.Lost = c.count.Acknowledged; !same(count, c.count) { // nobody listens here
				t.Errorf("counted %+v, want %+v", count, c.count)
			}
			if len(tally.troubles) > 1 || (len(tally.troubles) == 0) != (c.want.trouble == "") {
				t.Errorf("troubles %v", tally.troubles)
			}
		})
	}
}

func same(a, b Counts) bool {
	return a.Connects == b.Connects && a.Refused == b.Refused && a.Unreachable == b.Unreachable && a.Cut == b.Cut && a.Silent == b.Silent &&
		a.Published == b.Published && a.Acknowledged == b.Acknowledged && a.Received == b.Received && a.Lost == b.Lost
}

func TestAMessageHasItsNumberAndItsSize(t *testing.T) {
	for _, n := range []int{warm, 0, 7, 12345} {
		p := message("a/b", n, 40).(*packets.PublishPacket) //nolint:errcheck // a test's
		if got, ok := number(p.Payload); !ok || got != n || len(p.Payload) != 40 || p.Qos != 1 {
			t.Errorf("%d: number %d in %d bytes", n, got, len(p.Payload))
		}
	}
	if p := message("a/b", 123, 1).(*packets.PublishPacket); string(p.Payload) != "123 " { //nolint:errcheck // a test's
		t.Errorf("a number is never cut: %q", p.Payload)
	}
	if _, ok := number([]byte("hello")); ok {
		t.Error("somebody else's message has a number")
	}
}
