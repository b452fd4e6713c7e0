// Package executor answers how it is done and looked at: it joins the ssh
// connections, the Docker engines, the looks, the actions, the leases on the
// hosts and the plan runner into one thing that speaks the ports of ops.
package executor

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"vmqbot/executor/do"
	"vmqbot/executor/engine"
	"vmqbot/executor/lease"
	"vmqbot/executor/look"
	"vmqbot/executor/run"
	"vmqbot/executor/ship"
	"vmqbot/executor/stock"
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
	Stock  string       // the folder that keeps layers of images; "" for one below Home, or of this process
	Dial   wire.Dialer  // opens the connection to a first hop; nil for the machine's own network

	// Dialed hears of each attempt to make an ssh connection to a host of a region,
	// "" for a jump host, with nil when it worked; nil for nobody.
	Dialed func(region string, err error)
}

// Hosts reaches every host of one fleet. Its parts may be used concurrently;
// Close waits for all of them.
type Hosts struct {
	Looker   ops.Looker
	Follower ops.Follower
	Doer     ops.Doer
	Leases   ops.HostLeases
	Hints    ops.Hints

	wire    *wire.Pool
	looker  *look.Looker
	engines *engine.Pool
}

// Open prepares the connections of a fleet; none is made before it is needed.
func Open(f *regions.Fleet, o Options) *Hosts {
	pool := wire.New(wire.Options{Agent: o.Agent, Home: o.Home, Logger: o.Logger, Dial: o.Dial, Dialed: byRegion(f, o.Dialed)})
	host := func(n regions.Node) engine.Host { return engine.OnWire(pool.Host(n)) }
	engines := engine.NewPool(host)
	looker := look.New(host, engines, f.MQTT, look.Options{Kit: homely(o.Home, f.Network.Kit)})
	doer := do.New(func(n regions.Node) do.Host { return do.OnWire(pool.Host(n)) }, engines).With(f)
	doer.Shipper = &ship.Shipper{
		Stock: stock.In(o.stock()), Node: f.Node, Relay: f.Relay, Engine: engines.Of, Pace: ship.Usual(),
		Host: func(n regions.Node) ship.Host { return ship.OnWire(pool.Host(n)) },
	}
	return &Hosts{
		Looker:   looker,
		Follower: looker,
		Doer:     doer,
		Leases:   lease.New(pool),
		Hints:    hints{engines},
		wire:     pool,
		looker:   looker,
		engines:  engines,
	}
}

// stock is where layers of images are kept.
func (o Options) stock() string {
	switch {
	case o.Stock != "":
		return o.Stock
	case o.Home != "":
		return filepath.Join(o.Home, ".cache", "vmqbot", "images")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("vmqbot-images-%d", os.Getpid()))
}

// homely is a path of the fleet file on this machine.
func homely(home, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(home, rest)
	}
	return path
}

// byRegion tells of the address that was dialed whose it is.
func byRegion(f *regions.Fleet, dialed func(string, error)) func(string, error) {
	if dialed == nil {
		return nil
	}
	of := map[string]string{}
	for _, n := range f.Nodes() {
		addr := net.JoinHostPort(n.Host, strconv.Itoa(cmp.Or(n.SSH.Port, 22)))
		of[addr] = cmp.Or(of[addr], n.Region) // a host that two regions share is of the first
	}
	return func(addr string, err error) { dialed(of[addr], err) }
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
