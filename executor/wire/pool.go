package wire

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"vmqbot/regions"
)

// Options are what the process gives to all connections. The zero value
// works for absolute key paths and no agent.
type Options struct {
	DialTimeout      time.Duration // for one TCP connect; 10 s when 0
	HandshakeTimeout time.Duration // for key exchange and login together; 15 s when 0
	Keepalive        time.Duration // between two keepalives, three misses close; 15 s when 0
	Agent            string        // path of the ssh agent's socket; "" for no agent
	Home             string        // what "~" means in paths; "" leaves such paths unusable
	KeyExchanges     []string      // forces key exchanges, for fair benchmarks; nil for the library's choice
	Logger           *slog.Logger  // connects, drops and retries at level debug; nil for silence
	Dial             Dialer        // opens the connection to a first hop; nil for the machine's own network

	// Dialed hears of each attempt to connect and log in at "host:port", with nil
	// when it worked; nil for nobody. It must return at once.
	Dialed func(addr string, err error)
}

// Dialer opens a TCP connection, as net.Dialer.DialContext does.
type Dialer func(ctx context.Context, network, addr string) (net.Conn, error)

func (o Options) withDefaults() Options {
	if o.DialTimeout <= 0 {
		o.DialTimeout = 10 * time.Second
	}
	if o.HandshakeTimeout <= 0 {
		o.HandshakeTimeout = 15 * time.Second
	}
	if o.Keepalive <= 0 {
		o.Keepalive = 15 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Dialed == nil {
		o.Dialed = func(string, error) {}
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return o
}

// Pool owns every connection of the process and every goroutine behind them.
type Pool struct {
	opts  Options
	known *knownHosts
	keys  *keyring

	ctx    context.Context
	cancel context.CancelFunc
	pace   pace
	last   atomic.Int64 // when a command began or ended, in Unix nanoseconds

	mu     sync.Mutex
	closed bool
	hosts  map[target]*Host
	gates  map[string]chan struct{}
	work   sync.WaitGroup
}

// New makes a pool. It opens nothing.
func New(o Options) *Pool {
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	return &Pool{
		opts: o, known: newKnownHosts(), keys: newKeyring(o.Agent),
		ctx: ctx, cancel: cancel, pace: usual(),
		hosts: map[target]*Host{}, gates: map[string]chan struct{}{},
	}
}

// Host returns the host of a node without dialing it. Nodes with the same
// host and the same ssh settings get the same Host and share its connection.
// Settings that cannot work are reported by the first call on the Host.
func (p *Pool) Host(n regions.Node) *Host {
	t, hops, err := route(n, p.opts.Home)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		return &Host{pool: p, target: t, broken: err}
	}
	var via *Host
	for _, hop := range hops {
		via = p.host(hop, via)
	}
	return p.host(t, via)
}

// host finds or makes the Host of a target; the caller holds the lock.
func (p *Pool) host(t target, via *Host) *Host {
	if h := p.hosts[t]; h != nil {
		return h
	}
	h := &Host{pool: p, target: t, via: via, gate: p.gate(t)}
	p.hosts[t] = h
	return h
}

// maxDials is how many handshakes run at once through one first hop. sshd
// starts to drop them at ten (MaxStartups 10:30:100).
const maxDials = 8

// gate is the semaphore that limits dials through one first hop; hops at
// different depths have their own, or a hop would wait for itself.
func (p *Pool) gate(t target) chan struct{} {
	name := t.firstHop()
	if p.gates[name] == nil {
		p.gates[name] = make(chan struct{}, maxDials)
	}
	return p.gates[name]
}

// spawn runs f in a goroutine that Close waits for; it reports false, and
// runs nothing, once the pool is closed.
func (p *Pool) spawn(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.work.Go(f)
	return true
}

// busy notes that a command begins or ends.
func (p *Pool) busy() { p.last.Store(time.Now().UnixNano()) }

// calmNow reports whether none did for a moment.
func (p *Pool) calmNow() bool { return time.Since(time.Unix(0, p.last.Load())) >= p.pace.calm }

// Close cuts every connection, which stops the commands on them, and waits
// until every goroutine of the pool has ended. Calls in flight fail.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	hosts := make([]*Host, 0, len(p.hosts))
	for _, h := range p.hosts {
		hosts = append(hosts, h)
	}
	p.mu.Unlock()
	p.cancel()
	for _, h := range hosts {
		h.cut()
	}
	p.work.Wait()
	return nil
}
