package broker

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/erldist"
)

// Node is one broker: the part that stays while `vmq-admin node stop` takes
// the MQTT server down.
type Node struct {
	opt     Options
	id      erldist.Identity
	dialect Dialect
	log     *logbook
	met     *metrics
	began   time.Time
	tree    *clique.Tree
	hooks   *clique.Tree // of the webhooks, while their plugin is on

	stopOnce sync.Once
	stopping chan struct{}

	mu       sync.Mutex
	app      *app // nil while the server is stopped
	phase    phase
	settings map[string]string // `vmq-admin set`, gone with the process
}

// New checks the options. Nothing is opened before Run.
func New(o Options) (*Node, error) {
	d, err := NewDialect(o.Version)
	if err != nil {
		return nil, err
	}
	if o.Network == nil {
		o.Network = RealNetwork{}
	}
	if o.Timing == (Timing{}) {
		o.Timing = RealTiming()
		if s := o.Config.Int("erlang.distribution.net_ticktime", 0); s > 0 {
			o.Timing.NetTick = time.Duration(s) * time.Second
		}
	}
	if o.PID == 0 {
		o.PID = os.Getpid()
	}
	if o.DistHost == "" {
		o.DistHost = "0.0.0.0"
	}
	if o.DistPort == 0 {
		o.DistPort = o.Config.Int("erlang.distribution.port_range.minimum", 9100)
	}
	if o.EpmdPort == 0 {
		o.EpmdPort = erldist.EpmdPort
	}
	id := erldist.Identity{Node: o.Config.Get("nodename"), Cookie: o.Config.Get("distributed_cookie")}
	if _, err := erldist.ParseName(id.Node); err != nil {
		return nil, err
	}
	n := &Node{opt: o, id: id, dialect: d, met: newMetrics(d.Legacy), stopping: make(chan struct{}), settings: map[string]string{}}
	n.tree = n.commands()
	n.hooks = &clique.Tree{Program: n.tree.Program, Style: n.tree.Style, Usages: n.tree.Usages, Commands: n.hookCommands()}
	return n, nil
}

// Name is the node name.
func (n *Node) Name() string { return n.id.Node }

// Stop asks the node to end cleanly, as `vernemq stop` does. Run returns later.
func (n *Node) Stop() { n.stopOnce.Do(func() { close(n.stopping) }) }

// Run is the life of the node. It returns nil after a clean stop (Stop, or
// `vernemq stop`, or the end of the context), or the reason why it could not
// start: a port of the distribution in use, data that cannot be read. A
// listener that cannot be opened is no such reason.
func (n *Node) Run(ctx context.Context) error {
	n.began = time.Now()
	var err error
	n.log, err = openLogbook(n.disk(), n.opt.Logs, n.dialect.Legacy, n.opt.Console)
	if err != nil {
		return err
	}
	defer n.log.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !n.pause(ctx, n.timing().Boot) {
		return nil
	}
	wait, err := n.distribute(ctx)
	if err != nil {
		n.log.error("net_kernel:init", "%v", err)
		return err
	}
	defer wait()
	defer cancel()
	rest := (n.timing().Listeners - n.timing().Boot) / 2
	if !n.pause(ctx, rest) {
		return nil
	}
	n.enter(supervised)
	if !n.pause(ctx, rest) {
		return nil
	}
	if err := n.startApp(ctx); err != nil {
		n.log.error("vmq_server_app:start", "%v", err)
		return err
	}
	n.enter(serving)
	n.life(ctx)
	return nil
}

// running is the MQTT server, or nil while it is stopped.
func (n *Node) running() *app {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.app
}

// disk is where everything is stored.
func (n *Node) disk() disk { return disk{n.opt.Room} }

// metaDir is where membership and metadata live.
func (n *Node) metaDir() string { return filepath.Join(n.opt.Data, n.dialect.metaDir()) }
