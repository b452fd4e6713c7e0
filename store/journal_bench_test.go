package store_test

import (
	"slices"
	"testing"
	"time"

	"vmqbot/ops"
)

// BenchmarkJournalWrite measures SaveStep as the runner calls it, to the
// return, which means on the disk. The figure of the issue is 5 ms at the
// 99th percentile.
func BenchmarkJournalWrite(b *testing.B) {
	s, _ := fresh(b)
	must(b, s.SaveOperation(b.Context(), reattach("4f2a91")))
	took := make([]time.Duration, 0, b.N)
	seq := 0
	for b.Loop() {
		r := attach("4f2a91", seq/2+1)
		if seq++; seq%2 == 0 {
			r.State = ops.Done
		}
		start := time.Now()
		must(b, s.SaveStep(b.Context(), r))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(percent int) float64 {
		return took[min(len(took)*percent/100, len(took)-1)].Seconds() * 1000
	}
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
}
