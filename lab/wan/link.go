// Package wan is a TCP proxy that makes a local connection feel like a distant
// one. The kernels that labs run on often lack netem; this needs nothing.
package wan

import (
	"math"
	"math/rand/v2"
	"time"
)

// Link says how far away the other end is. The zero Link is a plain proxy.
type Link struct {
	Delay time.Duration // one way, in each direction: a round trip costs twice this
	Loss  float64       // share of the segments that are lost, 0 to 1
	Rate  int64         // bytes per second in each direction; 0 means no limit
	Seed  uint64        // picks which segments are lost; the same seed loses the same ones
}

// segment is what TCP carries in one packet over an Ethernet path.
const segment = 1448

// minRTO is the shortest time after which Linux sends a lost segment again.
const minRTO = 200 * time.Millisecond

// direction decides when bytes that are read now may arrive. TCP hides loss
// behind a pause: the lost segment comes again after the retransmission
// timeout, and everything behind it waits.
type direction struct {
	link Link
	rand *rand.Rand
	free time.Time // when the wire has sent what it was given
	last time.Time // when the latest bytes arrive; nothing overtakes
}

func newDirection(link Link, stream uint64) *direction {
	return &direction{link: link, rand: rand.New(rand.NewPCG(link.Seed, stream))}
}

// due returns when n bytes that were read at now arrive at the other end.
func (d *direction) due(now time.Time, n int) time.Time {
	sent := now
	if d.link.Rate > 0 {
		if d.free.After(now) {
			sent = d.free
		}
		sent = sent.Add(time.Duration(float64(n) / float64(d.link.Rate) * float64(time.Second)))
		d.free = sent
	}
	arrive := sent.Add(d.link.Delay)
	if d.lost(n) {
		arrive = arrive.Add(minRTO + 2*d.link.Delay)
	}
	if arrive.Before(d.last) {
		arrive = d.last
	}
	d.last = arrive
	return arrive
}

// lost says whether one of the segments of n bytes is lost.
func (d *direction) lost(n int) bool {
	if d.link.Loss <= 0 {
		return false
	}
	segments := math.Ceil(float64(n) / segment)
	return d.rand.Float64() < 1-math.Pow(1-d.link.Loss, segments)
}
