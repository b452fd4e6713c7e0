//go:build bench

package bench

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/ship"
	"vmqbot/executor/stock"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/lab/wan"
	"vmqbot/ops"
	"vmqbot/regions"
)

// The line of the figures: 50 Mbit/s, a round trip of 60 ms.
var line = wan.Link{Delay: 30 * time.Millisecond, Rate: 50e6 / 8}

// shipWorld is a host with an engine behind a jump host, which lies at the end of
// a poor line, and an engine that has images. It needs neither the lab nor a
// network: sshd, dockerd and the lab's proxy of this machine.
type shipWorld struct {
	source, target *enginetest.Docker
	jump           *sshdtest.Proxy // counts and cuts before the line
	from, to       regions.Node    // the build host is next to the bot
	home           string
	known          string
}

func newShipWorld(t *testing.T) *shipWorld {
	t.Helper()
	w := &shipWorld{home: t.TempDir()}
	for _, d := range []**enginetest.Docker{&w.source, &w.target} {
		started, err := enginetest.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(started.Stop)
		*d = started
	}
	host := sshdtest.Start(t, sshdtest.Config{Home: w.home, Lines: []string{"SetEnv DOCKER_HOST=unix://" + w.target.Socket}})
	jump := sshdtest.Start(t, sshdtest.Config{})
	w.from = sshdtest.Start(t, sshdtest.Config{Lines: []string{"SetEnv DOCKER_HOST=unix://" + w.source.Socket}}).Node()
	w.from.Name = "build"
	key, err := os.ReadFile(filepath.Join(host.Dir, "authorized_keys"))
	if err == nil {
		err = os.WriteFile(filepath.Join(jump.Dir, "authorized_keys"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	far, err := wan.Listen(t.Context(), "127.0.0.1:0", jump.Addr(), line)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(far.Close)
	w.jump = sshdtest.NewProxy(t, far.Addr())
	at := w.jump.Node(t, jump)
	w.known = filepath.Join(t.TempDir(), "known_hosts")
	lines := sshdtest.KnownHost(host.Host, host.Port, host.HostKey.PublicKey()) + sshdtest.KnownHost(at.Host, at.SSH.Port, jump.HostKey.PublicKey())
	if err := os.WriteFile(w.known, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	w.to = host.Node()
	w.to.SSH.KnownHosts, w.to.SSH.Jump = w.known, fmt.Sprintf("%s@%s:%d", host.User, at.Host, at.SSH.Port)
	return w
}

// shipper is a bot with a stock of its own and no connection yet.
func (w *shipWorld) shipper(t *testing.T, dir string) (s *ship.Shipper, done func()) {
	t.Helper()
	pool := wire.New(wire.Options{})
	engines := engine.NewPool(func(n regions.Node) engine.Host {
		if n.Name == w.from.Name {
			return atSocket{engine.OnWire(pool.Host(n)), w.source.Socket}
		}
		return atSocket{engine.OnWire(pool.Host(n)), w.target.Socket}
	})
	return &ship.Shipper{
			Stock: stock.In(dir), Engine: engines.Of, Pace: ship.Usual(),
			Node: func(name string) (regions.Node, bool) { return w.from, name == w.from.Name },
			Host: func(n regions.Node) ship.Host { return ship.OnWire(pool.Host(n)) },
		}, func() {
			engines.Close()
			_ = pool.Close()
		}
}

type atSocket struct {
	engine.Host
	socket string
}

func (s atSocket) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if network == "unix" {
		addr = s.socket
	}
	return s.Host.Dial(ctx, network, addr)
}

// ours ships an image with connections of its own, and tells how long it took
// and how many bytes went into the line.
func (w *shipWorld) ours(t *testing.T, dir, id, ref string) (ms float64, moved int64) {
	t.Helper()
	s, done := w.shipper(t, dir)
	defer done()
	before, begun := w.jump.Moved(), time.Now()
	if err := s.Ship(t.Context(), w.to, ops.ShipImage{Image: ref, ID: id, From: "build"}, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return float64(time.Since(begun)) / 1e6, w.jump.Moved() - before
}

// peer runs a pipe of a person's commands between the two engines. $SSH is ssh
// to the host through the jump host.
func (w *shipWorld) peer(t *testing.T, script string) (ms float64, moved int64) {
	t.Helper()
	options := fmt.Sprintf("-i %s -o UserKnownHostsFile=%s -o StrictHostKeyChecking=yes", w.to.SSH.Key, w.known)
	user, rest, _ := strings.Cut(w.to.SSH.Jump, "@")
	host, port, _ := strings.Cut(rest, ":")
	proxy := fmt.Sprintf("ssh %s -p %s -W %%h:%%p %s@%s", options, port, user, host)
	cmd := exec.CommandContext(t.Context(), "bash", "-o", "pipefail", "-c", fmt.Sprintf(farFunctions, options, proxy, w.to.SSH.Port, w.to.SSH.User, w.to.Host, w.target.Socket, script))
	cmd.Env = append(os.Environ(), "DOCKER_HOST=unix://"+w.source.Socket)
	before, begun := w.jump.Moved(), time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", script, err, out)
	}
	return float64(time.Since(begun)) / 1e6, w.jump.Moved() - before
}

// farFunctions are what the peers' scripts use: a command on the host, and its
// engine's socket as /tmp/vmqbot-bench.sock while a command runs here.
const farFunctions = `way=(%s -o ProxyCommand=%q -p %d %s@%s)
far() { ssh "${way[@]}" "$@"; }
beside() {
  rm -f /tmp/vmqbot-bench.sock
  ssh -N -L /tmp/vmqbot-bench.sock:%s "${way[@]}" & p=$!
  while [ ! -S /tmp/vmqbot-bench.sock ]; do kill -0 $p || return; sleep 0.02; done
  "$@"; r=$?; kill $p; rm -f /tmp/vmqbot-bench.sock; return $r
}
%s`

// layerOf is an archive of one file, of which so many parts of ten do not
// compress.
func layerOf(seed string, size, noise int) []byte {
	body := bytes.Repeat([]byte("libraries, beams and manuals compress well. "), size/44+1)[:size]
	source := rand.NewChaCha8(sha256.Sum256([]byte(seed)))
	for at := 0; at+1000 <= size; at += 1000 {
		_, _ = source.Read(body[at : at+100*noise])
	}
	return archive(entry{seed, body})
}

type entry struct {
	name string
	body []byte
}

func archive(entries ...entry) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		_ = w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.body))}) // into memory
		_, _ = w.Write(e.body)
	}
	_ = w.Close()
	return b.Bytes()
}

// build gives the source an image of layers and returns its id.
func (w *shipWorld) build(t *testing.T, ref string, layers ...[]byte) string {
	t.Helper()
	sum := func(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
	var ids, names []string
	var all []entry
	for _, l := range layers {
		ids, names = append(ids, "sha256:"+sum(l)), append(names, sum(l)+"/layer.tar")
		all = append(all, entry{sum(l) + "/layer.tar", l})
	}
	config := fmt.Appendf(nil, `{"architecture":"amd64","os":"linux","config":{"Cmd":["x"]},"rootfs":{"type":"layers","diff_ids":["%s"]}}`, strings.Join(ids, `","`))
	all = append(all, entry{sum(config) + ".json", config},
		entry{"manifest.json", fmt.Appendf(nil, `[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s"]}]`, sum(config), ref, strings.Join(names, `","`))})
	load := exec.CommandContext(t.Context(), "docker", "load", "-q")
	load.Env, load.Stdin = append(os.Environ(), "DOCKER_HOST=unix://"+w.source.Socket), io.Reader(bytes.NewReader(archive(all...)))
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("docker load: %v: %s", err, out)
	}
	return "sha256:" + sum(config)
}

// forget takes images from the target.
func (w *shipWorld) forget(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if out, err := w.target.Command(t.Context(), "rmi", "-f", id); err != nil && !strings.Contains(out, "No such image") {
			t.Fatal(out, err)
		}
	}
}

// packed is how long a layer is as gzip makes it.
func packed(t *testing.T, layer []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(layer); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
