package dockerd_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/docker/docker/client"

	"vmqbot/sim/dockerd"
	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// fast makes the engine's delays short.
const fast = 0.02

// world is one machine with an engine that answers, and a client of it.
type world struct {
	*dockerd.Engine
	m   *kernel.Machine
	f   *fabric.Fabric
	api *client.Client
}

func boot(t *testing.T, f *fabric.Fabric, name string, lib *dockerd.Library) *world {
	t.Helper()
	m := kernel.Boot(name, f.Space(name), &kernel.Root{Dir: t.TempDir(), Mounts: map[string]string{"/tmp": "/tmp"}, Programs: map[string]kernel.Program{"/usr/bin/docker": dockerd.CLI}})
	e, err := dockerd.New(dockerd.Options{Machine: m, Fabric: f, Library: lib, Pace: fast})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{e, m, f, nil}
	w.api = connect(t, m.DialUnix)
	t.Cleanup(func() {
		_ = w.api.Close()
		e.Close()
		m.Halt()
	})
	w.up(t)
	return w
}

// host makes a machine with the guest's image.
func host(t *testing.T) *world {
	t.Helper()
	w := boot(t, fabric.New(), "cn", nil)
	if _, err := w.AddImage(guestImage("guest:1")); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) up(t *testing.T) {
	t.Helper()
	if err := w.Up(); err != nil {
		t.Fatal(err)
	}
	if err := w.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, dial func(context.Context, string) (net.Conn, error)) *client.Client {
	t.Helper()
	api, err := client.NewClientWithOpts(client.WithAPIVersionNegotiation(), client.WithHTTPClient(&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx, dockerd.Socket) },
	}}))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// await waits for something that comes; it looks again and again.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s did not come", what)
		}
	}
}
