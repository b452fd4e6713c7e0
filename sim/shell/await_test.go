package shell_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/sim/kernel"
)

const patience = 20 * time.Second

// until waits for words in what a process writes.
func (o *output) until(t testing.TB, words string) {
	t.Helper()
	late := time.After(patience)
	for !strings.Contains(o.String(), words) {
		select {
		case <-o.new:
		case <-late:
			t.Fatalf("%q is not said; only:\n%s", words, o.String())
		}
	}
}

// ends waits for the end of a process.
func ends(t testing.TB, p *kernel.Process) int {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatalf("%q does not end", p.Words())
	}
	return p.Wait()
}

// empty waits until the machine has no processes, also none that those it saw
// had yet to start.
func (b *box) empty() {
	b.t.Helper()
	for late := time.Now().Add(patience); ; {
		left := b.m.Processes()
		if len(left) == 0 {
			return
		}
		if time.Now().After(late) {
			b.t.Fatalf("%q is started again and again", left[0].Words())
		}
		for _, p := range left {
			ends(b.t, p)
		}
	}
}

// find waits for a process with these words in its command line.
func (b *box) find(words string) *kernel.Process {
	b.t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); {
		for _, p := range b.m.Processes() {
			if strings.Join(p.Words(), " ") == words {
				return p
			}
		}
	}
	b.t.Fatalf("no process is %q", words)
	return nil
}
