package broker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crash makes a node's data what a kill -9 leaves: a copy taken while it ran.
func (r *runner) crash() {
	r.w.t.Helper()
	image := filepath.Join(r.w.t.TempDir(), "image")
	if err := os.CopyFS(image, os.DirFS(filepath.Join(r.dir, "data"))); err != nil {
		r.w.t.Fatal(err)
	}
	r.kill()
	r.dir = filepath.Dir(image)
	if err := os.Rename(image, filepath.Join(r.dir, "data")); err != nil {
		r.w.t.Fatal(err)
	}
}

// E7 and E8: what a node keeps over a clean stop and over kill -9.
func TestWhatANodeKeeps(t *testing.T) {
	for name, end := range map[string]func(*runner){"a clean stop": (*runner).stop, "kill -9": (*runner).crash} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.cluster(2)
			two := w.nodes[2]
			sub := two.connect("keep", false)
			sub.subscribe("k/#")
			sub.leave()
			w.counts(1, "router_subscriptions", 1)
			tok := two.connect("p0", true).c.Publish("k/r", 0, true, "retained")
			if !tok.WaitTimeout(fast.RPC) {
				t.Fatal("not sent")
			}
			w.nodes[1].connect("p1", true).publishAll("k/1", 10)
			two.connect("p2", true).publishAll("k/2", 10)
			until(t, "20 messages in the queue", func() bool {
				return strings.HasSuffix(two.admin("session", "show", "--client_id=keep", "--offline_messages", "--format=csv").Stdout, "\n20\r\n")
			})
			end(two)
			two.start()
			w.whole()
			back := two.connect("keep", false)
			until(t, "20 messages", func() bool { return len(back.received()) >= 20 })
			if got := back.received(); len(got) != 20 {
				t.Errorf("%d messages: %v", len(got), got)
			}
			if !back.present {
				t.Error("the CONNACK does not say session present")
			}
			if out := two.admin("retain", "show", "--format=csv").Stdout; out != "payload,topic\r\nretained,k/r\r\n" {
				t.Errorf("retain show: %q", out)
			}
		})
	}
}

// Without msgstore the messages are gone, membership and retained are not.
func TestDataDirectories(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	two := w.nodes[2]
	sub := two.connect("keep", false)
	sub.subscribe("k")
	sub.leave()
	two.connect("p", true).publishAll("k", 3)
	until(t, "the messages on the disk", func() bool {
		files, err := filepath.Glob(filepath.Join(two.dir, "data", "msgstore", "*", "*.json"))
		return err == nil && len(files) == 3
	})
	two.stop()
	if err := os.RemoveAll(filepath.Join(two.dir, "data", "msgstore")); err != nil {
		t.Fatal(err)
	}
	two.start()
	w.whole()
	back := two.connect("keep", false)
	if !back.publish("k", "new", fast.RPC) {
		t.Fatal("no PUBACK")
	}
	back.expectOne("k new")
}

// The MQTT port opens before the access list is read: SUBACK 0x80, and the
// client stays connected. Persistent sessions keep their subscriptions.
func TestSubscribeBeforeTheAccessList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.start(1)
	r.connect("old", false).subscribe("a")
	r.stop()
	var early *client
	slower(t, 500*time.Millisecond, func(list time.Duration) bool {
		r.timing.AccessList = list
		r.start()
		early = r.connect("early", true)
		code := early.subscribe("a")
		if code == 0x80 {
			return true
		}
		t.Logf("SUBACK 0x%x with an access list after %s, want 0x80", code, list)
		r.stop()
		return false
	})
	if !early.c.IsConnected() {
		t.Error("the client was thrown out")
	}
	old := r.connect("old", false)
	early.publishAll("a", 1)
	old.expect("a", 1)
	if got := early.received(); len(got) != 0 {
		t.Errorf("the refused subscription delivers: %v", got)
	}
	until(t, "the access list", func() bool { return early.subscribe("a") == 1 })
}

// Retained messages, wills, shared subscriptions and the window of 20.
func TestOrdinaryMQTT(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	one, two := w.nodes[1], w.nodes[2]
	t.Run("retained, and deleted by an empty payload", func(t *testing.T) {
		p := one.connect("p", true).c
		p.Publish("r", 1, true, "v").WaitTimeout(fast.RPC)
		w.counts(2, "retain_messages", 1)
		s := two.connect("s", true)
		s.subscribe("+")
		s.expectOne("r v")
		p.Publish("r", 1, true, "").WaitTimeout(fast.RPC)
		w.counts(2, "retain_messages", 0)
	})
	t.Run("more messages than the window", func(t *testing.T) {
		s := two.connect("many", true)
		s.subscribe("many")
		w.counts(1, "router_subscriptions", 2)
		one.connect("p2", true).publishAll("many", 100)
		s.expect("many", 100)
	})
	t.Run("a shared subscription gets each message once", func(t *testing.T) {
		a, b := one.connect("a", true), one.connect("b", true)
		a.subscribe("$share/g/job")
		b.subscribe("$share/g/job")
		one.connect("p3", true).publishAll("job", 20)
		until(t, "20 messages", func() bool { return len(a.received())+len(b.received()) >= 20 })
		if len(a.received())+len(b.received()) != 20 {
			t.Errorf("%d and %d", len(a.received()), len(b.received()))
		}
	})
}
