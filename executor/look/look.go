package look

import (
	"context"
	"sync"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Options tune a Looker. The zero value is right for a fleet.
type Options struct {
	Base   time.Duration    // the longest that one host's base facts may take, 20 s by default
	Broker time.Duration    // the same when the broker, pings, logs or the ground are asked for too, 30 s by default
	Admin  time.Duration    // the same when vmq-admin is asked for a person, 65 s by default: it gives up itself after 60
	Now    func() time.Time // time.Now by default
	Follow time.Duration    // between two questions about a log that is followed, half a second by default
	Kit    string           // folder on this machine with weave's script and images; "" for none
}

// Looker implements ops.Looker. It keeps connections, the process id of each
// container and one reader per host between looks, and may be used
// concurrently.
type Looker struct {
	dial    func(regions.Node) engine.Host
	engines *engine.Pool
	mqtt    regions.MQTT
	opt     Options

	mu    sync.Mutex
	seats map[seatKey]*seat
}

var _ ops.Looker = (*Looker)(nil)

// New makes a Looker over the ssh connections that dial names and the Docker
// engines reached through them. mqtt says how the probe message logs in.
func New(dial func(regions.Node) engine.Host, engines *engine.Pool, mqtt regions.MQTT, opt Options) *Looker {
	if opt.Base == 0 {
		opt.Base = 20 * time.Second
	}
	if opt.Broker == 0 {
		opt.Broker = 30 * time.Second
	}
	if opt.Admin == 0 {
		opt.Admin = 65 * time.Second
	}
	if opt.Follow == 0 {
		opt.Follow = followEvery
	}
	if mqtt.Timeout == 0 {
		mqtt.Timeout = 5 * time.Second
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Looker{dial: dial, engines: engines, mqtt: mqtt, opt: opt, seats: map[seatKey]*seat{}}
}

// Look reads the nodes. A host that hangs costs its own deadline and no other
// host's facts.
func (l *Looker) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	begun := l.opt.Now()
	round := newRound(nodes, need)
	var all sync.WaitGroup
	for i := range nodes {
		all.Go(func() { l.node(ctx, round, i) })
	}
	if need.Crossings {
		all.Go(func() { l.cross(ctx, round) })
	}
	all.Wait()
	seen := round.fleet(begun, l.opt.Now().Sub(begun))
	if need.Setup {
		seen.Kit = ReadKit(l.opt.Kit)
	}
	return seen
}

// Close ends the readers and drops the idle connections.
func (l *Looker) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.seats {
		s.close()
	}
}
