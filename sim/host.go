package sim

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/crypto/ssh"

	"vmqbot/lab/world"
	"vmqbot/sim/dockerd"
	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/sshd"
	"vmqbot/sim/tools"
	"vmqbot/sim/weavenet"
)

// host is one machine of the fleet through all its lives.
type host struct {
	f    *Fleet
	site Site
	key  ssh.Signer // that known_hosts has
	root *kernel.Root
	ssh  *door
	mqtt *door // nil on the jump host

	engine *dockerd.Engine // nil on the jump host
	weave  *weavenet.Host
	halved atomic.Bool // its vmq-admin; see corrupt

	turning sync.Mutex                     // held while the daemon is started or ended
	live    atomic.Pointer[kernel.Machine] // nil from when the machine begins to go off

	mu       sync.Mutex
	machine  *kernel.Machine // nil while it is off
	space    *fabric.Space
	server   *sshd.Server
	listener net.Listener
	shown    ssh.Signer // that its sshd shows now
}

// newHost makes a host that is off.
func (f *Fleet) newHost(s Site) (*host, error) {
	dir := filepath.Join(f.o.Dir, "hosts", s.Name)
	h := &host{f: f, site: s, root: &kernel.Root{Dir: filepath.Join(dir, "root"), Mounts: map[string]string{}, Programs: tools.Programs(), Native: f.o.Native}}
	var err error
	if h.key, err = keepKey(filepath.Join(dir, "ssh_host_ed25519_key")); err != nil {
		return nil, err
	}
	h.shown = h.key
	for _, at := range []string{"tmp", "root", "home/" + user, "etc/vernemq", "run/lock", "var/lock", "var/log", "var/lib/docker", "dev/shm", world.LogDir, world.DataDir} {
		if err := os.MkdirAll(filepath.Join(h.root.Dir, filepath.FromSlash(at)), 0o755); err != nil {
			return nil, err
		}
	}
	id := fmt.Sprintf("%x\n", sha256.Sum256([]byte(s.Name)))
	if err := os.WriteFile(filepath.Join(h.root.Dir, "etc", "machine-id"), []byte(id[:32]+"\n"), 0o644); err != nil { //nolint:gosec // as on a real host
		return nil, err
	}
	if h.ssh, err = f.open(fmt.Sprintf("%s:22", s.IP)); err != nil {
		return nil, err
	}
	if s.Node == "" {
		return h, nil
	}
	if h.mqtt, err = f.open(fmt.Sprintf("%s:1883", s.IP)); err == nil {
		err = h.equip()
	}
	if err != nil {
		h.closeDoors()
		return nil, err
	}
	return h, nil
}

// open opens the next door of this machine; none where the fleet is shut.
func (f *Fleet) open(to string) (*door, error) {
	if f.o.Shut {
		return nil, nil
	}
	port := 0
	if f.o.Port != 0 {
		port = f.o.Port + f.doors
	}
	f.doors++
	d, err := openDoor(f.from, to, port)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%w: port %d of this machine is taken", ErrOptions, port)
	}
	return d, err
}

// power switches the machine on: its kernel, its network, its sshd.
func (h *host) power() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.machine != nil {
		return nil
	}
	h.space = h.f.fabric.Space(h.site.Name)
	h.f.wan.edit(func(w *wan) { w.names[h.space] = h.site.Name })
	h.space.Plug("eth0", h.f.segment, netip.PrefixFrom(h.site.IP, underlay.Bits()))
	h.machine = kernel.Boot(h.site.Name, h.space, h.root)
	h.f.mine.Store(h.machine, h)
	h.live.Store(h.machine)
	return h.openSSH()
}

// openSSH starts the sshd; the caller holds the lock.
func (h *host) openSSH() (err error) {
	env := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	h.server = sshd.New(h.machine, sshd.Options{
		HostKey: h.shown, Authorized: h.f.admitted(),
		Env: map[string][]string{user: append(slices.Clone(env), "HOME=/home/"+user, "USER="+user), "root": append(slices.Clone(env), "HOME=/root", "USER=root")},
	})
	if h.listener, err = h.space.Listen(context.Background(), "0.0.0.0:22"); err != nil {
		return err
	}
	server, listener := h.server, h.listener
	go server.Serve(listener) // ends with its listener, which closeSSH closes
	return nil
}

// admitted are who may log in, all with the fleet's key: its user, and root, as whom
// a guard is installed.
func (f *Fleet) admitted() map[string][]ssh.PublicKey {
	keys := []ssh.PublicKey{f.key.PublicKey()}
	return map[string][]ssh.PublicKey{user: keys, "root": keys}
}

func (h *host) closeSSH() {
	_ = h.listener.Close()
	h.server.Close()
}

// halt switches the machine off: in order, or as if somebody pulled the plug.
func (h *host) halt(orderly bool) {
	h.turning.Lock()
	h.live.Store(nil)
	if h.engine != nil {
		h.engine.Down(!orderly)
	}
	h.turning.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.machine == nil {
		return
	}
	h.closeSSH()
	h.machine.Halt()
	if h.weave != nil {
		h.weave.PowerOff()
	}
	h.space.Close()
	h.machine = nil
}

// boot switches on and starts what starts with the machine.
func (h *host) boot(ctx context.Context) error {
	if err := h.power(); err != nil {
		return err
	}
	if h.engine == nil {
		return nil
	}
	h.mu.Lock()
	m := h.machine
	h.mu.Unlock()
	h.turning.Lock()
	h.engine.Board(m)
	err := h.engine.Up()
	h.turning.Unlock()
	if err != nil {
		return err
	}
	return h.engine.Await(ctx)
}

// running is the machine, or an error while it is off.
func (h *host) running() (*kernel.Machine, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.machine == nil {
		return nil, fmt.Errorf("%s is off; switch it on: host start %[1]s", h.site.Name)
	}
	return h.machine, nil
}

// run runs a program on the host as root and returns its exit status.
func (h *host) run(ctx context.Context, s Streams, argv ...string) (int, error) {
	m, err := h.running()
	if err != nil {
		return 0, err
	}
	s = s.withDefaults()
	in, feed := kernel.NewPipe()
	p, err := m.Start(kernel.Spec{
		Argv: argv, Env: []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root"}, Dir: "/root", Session: true,
		FDs: map[int]*kernel.FD{0: in, 1: kernel.Output(s.Out), 2: kernel.Output(s.Err)},
	})
	if err != nil {
		_ = feed.Close()
		return 0, fmt.Errorf("%s on %s: %w", argv[0], h.site.Name, err)
	}
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		_, _ = io.Copy(feed.Outside(ctx), s.In) // ends with EPIPE when the program has
		_ = feed.Close()
	}()
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Signal(kernel.KILL)
		<-p.Done()
		return 0, ctx.Err()
	}
	<-fed
	return p.Wait(), nil
}

func (h *host) closeDoors() {
	for _, d := range []*door{h.ssh, h.mqtt} {
		if d != nil {
			d.close()
		}
	}
}

// install adds programs to the host's.
func (h *host) install(more map[string]kernel.Program) { maps.Copy(h.root.Programs, more) }
