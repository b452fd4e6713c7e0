package ship

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
)

// through gives the world a relay: an ssh server before the host's.
func (w *world) through(relay *sshdtest.Server, known bool) {
	w.t.Helper()
	w.shipper.Relay = relay.Addr()
	if known {
		w.knows(relay)
	}
}

// knows puts the key of a server into the known_hosts file.
func (w *world) knows(server *sshdtest.Server) {
	w.t.Helper()
	ours, err := os.ReadFile(w.to.SSH.KnownHosts)
	if err == nil {
		ours = append(ours, sshdtest.KnownHost(server.Host, server.Port, server.HostKey.PublicKey())...)
		err = os.WriteFile(w.to.SSH.KnownHosts, ours, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// authorize lets the host's key into the relay.
func (w *world) authorize(relay *sshdtest.Server) {
	w.t.Helper()
	key, err := os.ReadFile(w.server.Dir + "/authorized_keys")
	if err == nil {
		err = os.WriteFile(relay.Dir+"/authorized_keys", key, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestThroughARelay(t *testing.T) {
	relay := sshdtest.Start(t, sshdtest.Config{})
	w := newWorld(t)
	w.through(relay, true)
	w.authorize(relay)
	id := build(t, "airdroid/vernemq:relay", layer(t, "relay", 2<<20))
	if err := w.ship(t.Context(), id, "airdroid/vernemq:relay"); err != nil {
		t.Fatal(err)
	}
	w.has(id, "airdroid/vernemq:relay")
	if !strings.Contains(relay.Log(), "direct-tcpip") && !strings.Contains(relay.Log(), "Accepted publickey") {
		t.Errorf("nobody came through the relay:\n%s", relay.Log())
	}
}

// TestARelayThatDoesNotServe is told for what it is, and nothing is left on the
// host.
func TestARelayThatDoesNotServe(t *testing.T) {
	for _, c := range []struct {
		name         string
		lines        []string
		known, login bool
		blind        facts.Blind
		says         string
	}{
		{"it forwards nothing", []string{"AllowTcpForwarding no"}, true, true, facts.Unreachable, "forwards nothing there"},
		{"it lets nobody in", nil, true, false, facts.LoginDenied, "does not accept the key"},
		{"nobody knows its key", nil, false, true, facts.NewHostKey, "known_hosts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			relay := sshdtest.Start(t, sshdtest.Config{Lines: c.lines})
			w := newWorld(t)
			w.shipper.Pace.Tries = 2
			w.through(relay, c.known)
			if c.login {
				w.authorize(relay)
			}
			id := build(t, "airdroid/vernemq:norelay", layer(t, "norelay", 1<<20))
			err := w.ship(t.Context(), id, "airdroid/vernemq:norelay")
			if wire.BlindOf(err) != c.blind || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), relay.Host) {
				t.Errorf("%s: %v", wire.BlindOf(err), err)
			}
			w.clean()
		})
	}
}

// TestADiskThatFills while the file arrives: it is told, and what arrived is
// taken away.
func TestADiskThatFills(t *testing.T) {
	enginetest.Need(t)
	home := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "vmqbot-test", home).CombinedOutput(); err != nil {
		t.Fatalf("this test needs a small disk: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", home).Run() })
	w := newWorldAt(t, home, "AllowTcpForwarding local")
	id := build(t, "airdroid/vernemq:full", layer(t, "full", 4<<20))
	err := w.ship(t.Context(), id, "airdroid/vernemq:full")
	if err == nil || !strings.Contains(err.Error(), "is full") {
		t.Errorf("%v", err)
	}
	w.clean()
	if out, err := target.Command(t.Context(), "image", "inspect", id); err == nil {
		t.Errorf("it is there: %s", out)
	}
}
