// Package executor answers how it is done and looked at: it joins the ssh
// connections, the Docker engines, the looks, the actions, the leases on the
// hosts and the plan runner into one thing that speaks the ports of ops.
package executor

import (
	"log/slog"
	"time"

	"vmqbot/executor/do"
	"vmqbot/executor/engine"
	"vmqbot/executor/lease"
	"vmqbot/executor/look"
	"vmqbot/executor/run"
	"vmqbot/executor/wire"
	"vmqbot/ops"
	"vmqbot/regions"
)

// poll is the pause between two looks while a step waits for its proof: long
// enough that VerneMQ's command line, which costs 0.3 s of a host, can breathe.
const poll = 500 * time.Millisecond

// Options are what the executor takes from the process.
type Options struct {
	Agent  string       // path of the ssh agent's socket; "" for none
	Home   string       // what "~" means in paths of the fleet file
	Logger *slog.Logger // nil for silence
	Dial   wire.Dialer  // opens the connection to a first hop; nil for the machine's own network
}

// Hosts reaches every host of one fleet. Its parts may be used concurrently;
// Close waits for all of them.
type Hosts struct {
	Looker ops.Looker
	Doer   ops.Doer
	Leases ops.HostLeases
	Hints  ops.Hints

	wire    *wire.Pool
	looker  *look.Looker
	engines *engine.Pool
}

// Open prepares the connections of a fleet; none is made before it is needed.
func Open(f *regions.Fleet, o Options) *Hosts {
	pool := wire.New(wire.Options{Agent: o.Agent, Home: o.Home, Logger: o.Logger, Dial: o.Dial})
	host := func(n regions.Node) engine.Host { return engine.OnWire(pool.Host(n)) }
	engines := engine.NewPool(host)
	looker := look.New(host, engines, f.MQTT, look.Options{})
	return &Hosts{
		Looker:  looker,
		Doer:    do.New(func(n regions.Node) do.Host { return do.OnWire(pool.Host(n)) }, engines),
		Leases:  lease.New(pool),
		Hints:   hints{engines},
		wire:    pool,
		looker:  looker,
		engines: engines,
	}
}

// Runner runs plans on these hosts.
func (h *Hosts) Runner(f *regions.Fleet, j ops.Journal, w ops.Wishes, c ops.Clock) ops.Runner {
	return &run.Runner{Fleet: f, Looker: h.Looker, Doer: h.Doer, Journal: j, Wishes: w, Clock: c, Poll: poll, Redactor: f.Redactor()}
}

// Close ends every connection and waits for everything that used one.
func (h *Hosts) Close() error {
	h.looker.Close()
	h.engines.Close()
	return h.wire.Close()
}
