package sim

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Four regions come up as one healthy cluster.
func TestFourRegions(t *testing.T) {
	began := time.Now()
	f, err := Up(t.Context(), Options{Dir: t.TempDir(), Pace: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	t.Logf("up after %s", time.Since(began))
	var out bytes.Buffer
	if exit := f.Do(t.Context(), Streams{Out: &out, Err: &out}, "status"); exit != 0 || strings.Count(out.String(), "has 10.0.0.") != 4 {
		t.Errorf("exit %d:\n%s", exit, out.String())
	}
}
