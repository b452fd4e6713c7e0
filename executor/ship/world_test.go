package ship

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/stock"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// source and target are two engines of the test's own.
var source, target *enginetest.Docker

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(between(m))
}

// between runs the tests between the beginning and the end of both engines.
func between(m *testing.M) int {
	if testing.Short() {
		return m.Run()
	}
	for _, d := range []**enginetest.Docker{&source, &target} {
		started, err := enginetest.Start()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer started.Stop()
		*d = started
	}
	return m.Run()
}

// quick is a pace for tests: what is waited for comes at once, or never.
func quick() Pace {
	return Pace{Told: 50 * time.Millisecond, Poll: 50 * time.Millisecond, Stall: time.Minute, Pause: 50 * time.Millisecond, Tries: 10}
}

// world is a bot, a host with an engine behind an ssh server, and an engine that
// has images.
type world struct {
	t       *testing.T
	server  *sshdtest.Server
	origin  *sshdtest.Server // of the host that has the images
	proxy   *sshdtest.Proxy
	home    string
	shipper *Shipper
	to      regions.Node

	mu    sync.Mutex
	lines []string
	heard func(string)
}

func newWorld(t *testing.T, sshd ...string) *world {
	t.Helper()
	return newWorldAt(t, t.TempDir(), sshd...)
}

// newWorldAt is one whose login user's folder is this one. Other servers begin
// before: they end after the connections that lead through them.
func newWorldAt(t *testing.T, home string, sshd ...string) *world {
	t.Helper()
	return newWorldOf(t, home, nil, sshd)
}

// newWorldOf is one whose two ssh servers are configured like this.
func newWorldOf(t *testing.T, home string, origin, sshd []string) *world {
	t.Helper()
	enginetest.Need(t)
	w := &world{t: t, home: home}
	w.server = sshdtest.Start(t, sshdtest.Config{Home: w.home, Lines: append(sshd, "SetEnv DOCKER_HOST=unix://"+target.Socket)})
	w.proxy = sshdtest.NewProxy(t, w.server.Addr())
	w.to = w.proxy.Node(t, w.server)
	from := w.origins(origin)
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	engines := engine.NewPool(func(n regions.Node) engine.Host {
		if n.Name == "sg-1" {
			return &enginetest.Host{Docker: source}
		}
		return socketAt{engine.OnWire(pool.Host(n)), target.Socket}
	})
	t.Cleanup(engines.Close)
	w.shipper = &Shipper{
		Stock: stock.In(t.TempDir()), Engine: engines.Of, Pace: quick(),
		Node: func(name string) (regions.Node, bool) { return from, name == "sg-1" },
		Host: func(n regions.Node) Host { return OnWire(pool.Host(n)) },
	}
	return w
}

// origins starts the ssh server of the host that has the images; whoever may enter
// the other one may enter it.
func (w *world) origins(lines []string) regions.Node {
	w.t.Helper()
	w.origin = sshdtest.Start(w.t, sshdtest.Config{Lines: append(lines, "SetEnv DOCKER_HOST=unix://"+source.Socket)})
	w.authorize(w.origin)
	w.knows(w.origin)
	n := w.origin.Node()
	n.Name, n.SSH.Key, n.SSH.KnownHosts = "sg-1", w.to.SSH.Key, w.to.SSH.KnownHosts
	return n
}

// socketAt has its engine's socket at another place.
type socketAt struct {
	engine.Host
	socket string
}

func (s socketAt) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if network == "unix" {
		addr = s.socket
	}
	return s.Host.Dial(ctx, network, addr)
}

func (w *world) line(l string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, l)
	if w.heard != nil {
		w.heard(l)
	}
}

func (w *world) said(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(strings.Join(w.lines, "\n"), text)
}

func (w *world) ship(ctx context.Context, id, ref string) error {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	return w.shipper.Ship(ctx, w.to, ops.ShipImage{Image: ref, ID: id, From: "sg-1"}, w.line)
}

// has fails the test unless the target knows the image by its reference, and
// nothing is left of the way that it came.
func (w *world) has(id, ref string) {
	w.t.Helper()
	got, err := target.Command(w.t.Context(), "image", "inspect", "--format", "{{.Id}} {{.RepoTags}} {{.RepoDigests}}", ref)
	if err != nil || got != id+" ["+ref+"] []" {
		w.t.Errorf("%s, want %s; %v", got, id, err)
	}
	w.clean()
}

func (w *world) clean() {
	w.t.Helper()
	left, err := filepath.Glob(filepath.Join(w.home, ".vmqbot*"))
	if err != nil || len(left) > 0 {
		w.t.Errorf("left behind: %v %v", left, err)
	}
}

// parts are the files on the host that are not whole.
func (w *world) parts() (size int64) {
	left, _ := filepath.Glob(filepath.Join(w.home, ".vmqbot*"))
	for _, name := range left {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	return size
}

// layer is an archive of one file that does not compress.
func layer(t testing.TB, seed string, size int) []byte {
	t.Helper()
	body := make([]byte, size)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte(seed))).Read(body)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: seed, Mode: 0o644, Size: int64(size), ModTime: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// build gives the source an image of layers, and takes it from both engines when
// the test ends. It returns the image's id.
func build(t testing.TB, ref string, layers ...[]byte) string {
	t.Helper()
	var ids, names []string
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(name string, body []byte) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range layers {
		ids = append(ids, "sha256:"+sum(l))
		name := sum(l) + "/layer.tar"
		if !slices.Contains(names, name) {
			add(name, l)
		}
		names = append(names, name)
	}
	config := fmt.Appendf(nil, `{"architecture":"amd64","os":"linux","config":{"Cmd":["start_vernemq"]},"rootfs":{"type":"layers","diff_ids":["%s"]}}`, strings.Join(ids, `","`))
	add(sum(config)+".json", config)
	add("manifest.json", fmt.Appendf(nil, `[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s"]}]`, sum(config), ref, strings.Join(names, `","`)))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	give(t, source, &b)
	id := "sha256:" + sum(config)
	t.Cleanup(func() {
		for _, d := range []*enginetest.Docker{source, target} {
			_, _ = d.Command(context.Background(), "rmi", "-f", id)
		}
	})
	return id
}

// give loads an archive into an engine.
func give(t testing.TB, d *enginetest.Docker, archive io.Reader) {
	t.Helper()
	c := exec.Command("docker", "load", "-q")
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+d.Socket)
	c.Stdin = archive
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("docker load: %v: %s", err, out)
	}
}

// damage changes a byte of every file that is not whole.
func (w *world) damage() {
	w.t.Helper()
	left, _ := filepath.Glob(filepath.Join(w.home, ".vmqbot*"))
	if len(left) == 0 {
		w.t.Fatal("there is nothing to damage")
	}
	for _, name := range left {
		body, err := os.ReadFile(name)
		if err != nil || len(body) == 0 {
			w.t.Fatal(name, len(body), err)
		}
		body[len(body)/2] ^= 1
		if err := os.WriteFile(name, body, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}
