package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
	"golang.org/x/sync/errgroup"

	"vmqbot/lab/world"
	"vmqbot/sim/dockerd"
	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/weavenet"
)

// Options shape a simulated fleet.
type Options struct {
	Dir   string    // folder of its own, for keys, the fleet file and the hosts' files
	Nodes int       // 0 is the four regions of the runbook and a jump host
	Pace  float64   // factor for every delay of the machines; 0 is 1, as seen on real ones
	Port  int       // of this machine, for the first host's ssh, and from there upwards for the others and for MQTT; 0 takes free ones
	Bare  bool      // hosts with Docker and nothing else: no weave, no broker
	Shut  bool      // no port of this machine leads in, only Dial: so a fleet fits into a bubble of time (testing/synctest)
	Log   io.Writer // progress, a line each; nil for silence

	Native kernel.Program // what a binary runs as that somebody puts onto a host: the bot; nil for nothing
}

// ErrOptions is wrapped by what is wrong with Options.
var ErrOptions = errors.New("wrong options")

// Busy says that a fleet runs in the folder already.
type Busy struct {
	Dir string
	PID int // of the process whose fleet it is
}

// Error says whose.
func (b *Busy) Error() string {
	return fmt.Sprintf("a simulated fleet runs in %s already (process %d)", b.Dir, b.PID)
}

// mostNodes is what the plan has addresses for.
const mostNodes = 240

// lastPort is the last that TCP has.
const lastPort = 65535

// Fleet is a simulated fleet that runs.
type Fleet struct {
	o       Options
	fabric  *fabric.Fabric
	wan     *wan
	segment *fabric.Segment
	overlay *weavenet.Net
	library *dockerd.Library
	images  []dockerd.Image // that every region host has
	from    *fabric.Space   // the operator's machine
	key     ssh.Signer      // of the fleet's user
	cookie  string

	hasty atomic.Bool // while it starts
	doors int         // that were opened

	hosts []*host // in the order of the plan; the jump host is the first, where there is one
	busy  sync.Mutex
	mine  sync.Map // *kernel.Machine: *host
}

// Up brings a fleet up, with healthy nodes in one cluster, and returns when
// every node sees all others. Close ends it; the files stay.
func Up(ctx context.Context, o Options) (*Fleet, error) {
	f, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	f.hurry(true)
	err = f.start(ctx)
	f.hurry(false)
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// startPace is the pace at which a fleet starts, whatever it is later: who asks
// for one wants to see it break, not to see it boot.
const startPace = 0.02

// haste is the factor that the start puts on top of the pace.
func (f *Fleet) haste() float64 {
	if f.hasty.Load() {
		return min(1, startPace/f.o.Pace)
	}
	return 1
}

func (f *Fleet) hurry(on bool) {
	f.hasty.Store(on)
	f.overlay.SetPace(f.o.Pace * f.haste())
}

// build makes the world and its hosts, none of which runs.
func build(ctx context.Context, o Options) (*Fleet, error) {
	if o.Pace == 0 {
		o.Pace = 1
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	switch {
	case o.Dir == "" || !filepath.IsAbs(o.Dir):
		return nil, fmt.Errorf("%w: the folder %q is not absolute", ErrOptions, o.Dir)
	case o.Nodes < 0 || o.Nodes > mostNodes:
		return nil, fmt.Errorf("%w: %d nodes: it can be 1 to %d", ErrOptions, o.Nodes, mostNodes)
	case o.Pace < 0.001 || o.Pace > 10:
		return nil, fmt.Errorf("%w: a pace of %g: it can be 0.001 to 10", ErrOptions, o.Pace)
	case o.Port < 0 || o.Port > lastPort-2*mostNodes:
		return nil, fmt.Errorf("%w: port %d: it can be 1 to %d, and as many above it are taken as there are doors", ErrOptions, o.Port, lastPort-2*mostNodes)
	}
	if at := fileOn(o.Dir); at != "" {
		return nil, fmt.Errorf("%w: %s is a file: use a folder", ErrOptions, at)
	}
	if pid := running(ctx, o.Dir); pid != 0 {
		return nil, &Busy{o.Dir, pid}
	}
	f := &Fleet{o: o, fabric: fabric.New(), library: dockerd.NewLibrary()}
	f.wan = newWAN(f.fabric)
	f.segment = f.fabric.Segment("wan", f.wan.passes)
	f.overlay = weavenet.New(f.fabric, weavenet.Options{Pace: o.Pace, Underlay: f.wan.passes})
	f.from = f.fabric.Space("operator")
	f.wan.edit(func(w *wan) { w.names[f.from] = "operator" })
	f.from.Plug("eth0", f.segment, netip.PrefixFrom(operator, underlay.Bits()))
	f.images = f.imagesOf()
	if err := f.secrets(); err != nil {
		return nil, err
	}
	if err := f.plan(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// fileOn is what stands in the way of a folder: itself or one above it that is
// a file.
func fileOn(dir string) string {
	for ; ; dir = filepath.Dir(dir) {
		if i, err := os.Stat(dir); err == nil {
			if i.IsDir() {
				return ""
			}
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// secrets reads or makes the user's key and the cluster's cookie.
func (f *Fleet) secrets() (err error) {
	if err := os.MkdirAll(f.o.Dir, 0o700); err != nil {
		return err
	}
	if f.key, err = keepKey(filepath.Join(f.o.Dir, "id_ed25519")); err != nil {
		return err
	}
	f.cookie, err = keepCookie(filepath.Join(f.o.Dir, "cookie"))
	return err
}

// plan makes the hosts.
func (f *Fleet) plan() error {
	sites := fourRegions()
	if f.o.Nodes > 0 {
		sites = manyNodes(f.o.Nodes)
	} else {
		sites = append([]Site{{Name: "jump", IP: jumpIP}}, sites...)
	}
	for _, s := range sites {
		h, err := f.newHost(s)
		if err != nil {
			return err
		}
		f.hosts = append(f.hosts, h)
	}
	return f.write()
}

// write writes the fleet file and known_hosts.
func (f *Fleet) write() error {
	var nodes []world.FleetNode
	known, jump := "", f.find("jump")
	for _, h := range f.hosts {
		host, port := h.site.IP.String(), 22
		if h.ssh != nil && !h.site.Jump {
			host, port = "127.0.0.1", h.ssh.port()
		}
		known += knownLine(host, port, h.key.PublicKey())
		if h.site.Node == "" {
			continue
		}
		via := ""
		if h.site.Jump {
			via = fmt.Sprintf("%s@%s:22", user, jump.site.IP)
			if jump.ssh != nil {
				via = fmt.Sprintf("%s@127.0.0.1:%d", user, jump.ssh.port())
			}
		}
		nodes = append(nodes, h.site.node(host, port, via))
	}
	text, err := fleetText(f.o.Dir, nodes)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(f.o.Dir, "known_hosts"), []byte(known), 0o600),
		os.WriteFile(f.FleetFile(), []byte(text), 0o600),
	)
}

// FleetFile is the path of the fleet file.
func (f *Fleet) FleetFile() string { return filepath.Join(f.o.Dir, "fleet.yaml") }

// find is the host of that name, or nil.
func (f *Fleet) find(name string) *host {
	for _, h := range f.hosts {
		if h.site.Name == name {
			return h
		}
	}
	return nil
}

// host is the one that a machine is, or was until it was restarted.
func (f *Fleet) host(m *kernel.Machine) *host {
	h, _ := f.mine.Load(m)
	return h.(*host)
}

// regions are the hosts that have Docker.
func (f *Fleet) regions() []*host {
	var list []*host
	for _, h := range f.hosts {
		if h.site.Node != "" {
			list = append(list, h)
		}
	}
	return list
}

// each does something on several hosts at once and returns the first error,
// with the host's name.
func each(ctx context.Context, hosts []*host, do func(context.Context, *host) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8) // more would only wait for processors, and for each other's deadlines
	for _, h := range hosts {
		group.Go(func() error {
			if err := do(ctx, h); err != nil {
				return fmt.Errorf("%s: %w", h.site.Name, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// Close stops every machine and waits for all of it to end.
func (f *Fleet) Close() {
	for _, h := range f.hosts {
		h.closeDoors()
	}
	_ = each(context.Background(), f.hosts, func(_ context.Context, h *host) error { h.halt(false); return nil })
}

func (f *Fleet) said(format string, args ...any) {
	_, _ = fmt.Fprintf(f.o.Log, format+"\n", args...)
}
