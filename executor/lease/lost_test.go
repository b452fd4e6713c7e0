package lease_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/lease"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
)

// A connection that breaks while the lease is asked for costs a second
// question, not the operation.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	bin, dir := t.TempDir(), t.TempDir()
	asked := filepath.Join(dir, "asked")
	flock := "#!/bin/sh\nif [ ! -e " + asked + " ]; then touch " + asked + "; exec sleep 60; fi\nexec /usr/bin/flock \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "flock"), []byte(flock), 0o755); err != nil {
		t.Fatal(err)
	}
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"SetEnv PATH=" + bin + ":/usr/bin:/bin"}})
	proxy := sshdtest.NewProxy(t, s.Addr())
	w := &world{t: t, node: proxy.Node(t, s), dir: dir}
	w.node.SSH.LockDir = dir
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })

	ended := make(chan error, 1)
	go func() {
		_, err := lease.New(pool).AcquireOn(w.ctx(), w.node, wants(ana))
		ended <- err
	}()
	for {
		if _, err := os.Stat(asked); err == nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("it ended before it was cut: %v", err)
		case <-time.After(10 * time.Millisecond): // no event tells of a file
		}
	}
	proxy.Cut()
	if err := <-ended; err != nil {
		t.Fatalf("after a cut: %v", err)
	}
	if got := w.file(); !strings.Contains(got, ana) {
		t.Errorf("the lease file: %q", got)
	}
}
