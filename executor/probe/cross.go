package probe

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"vmqbot/facts"
	"vmqbot/regions"
)

// again is the time between two attempts to cross.
const again = 250 * time.Millisecond

// Point is one broker of the matrix.
type Point struct {
	Node string
	Dial func(context.Context) (net.Conn, error) // to its MQTT port
}

// matrix is one run of the probe.
type matrix struct {
	mqtt     regions.MQTT
	nonce    string
	blind    func(error) facts.Blind
	stations []*station
	pairs    map[string]*pair // by topic
}

// Cross publishes at every point and awaits at every point, itself included,
// for as long as m.Timeout after both ends are ready. blind names the reason
// of an error that Dial returned. In the answer only a message that was
// published and did not arrive is TooLate.
func Cross(ctx context.Context, m regions.MQTT, points []Point, blind func(error) facts.Blind) []facts.Crossing {
	if m.Timeout <= 0 {
		m.Timeout = 5 * time.Second
	}
	x := &matrix{mqtt: m, nonce: rand.Text()[:10], blind: blind, pairs: map[string]*pair{}}
	var order []*pair
	for _, p := range points {
		x.stations = append(x.stations, &station{point: p, ready: make(chan struct{})})
	}
	for _, from := range x.stations {
		for _, to := range x.stations {
			p := &pair{from: from, to: to, topic: x.topic(from.point.Node, to.point.Node), arrived: make(chan time.Duration, 1)}
			x.pairs[p.topic] = p
			order = append(order, p)
		}
	}
	return x.run(ctx, order)
}

func (x *matrix) topic(from, to string) string {
	return fmt.Sprintf("%s/%s/%s/%s", x.mqtt.Topic, from, to, x.nonce)
}

func (x *matrix) run(ctx context.Context, order []*pair) []facts.Crossing {
	ctx, cancel := context.WithCancel(ctx)
	var open, work sync.WaitGroup
	for _, s := range x.stations {
		open.Go(func() { x.man(ctx, s) })
	}
	found := make([]facts.Crossing, len(order))
	for i, p := range order {
		work.Go(func() {
			found[i] = facts.Crossing{From: p.from.point.Node, To: p.to.point.Node, Delivered: p.cross(ctx, x.mqtt.Timeout)}
		})
	}
	work.Wait()
	cancel()
	open.Wait()
	return found
}

// hear takes a message in, on a goroutine of the library.
func (x *matrix) hear(_ mqtt.Client, m mqtt.Message) {
	if p := x.pairs[m.Topic()]; p != nil {
		p.hear(string(m.Payload()))
	}
}
