package images_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"vmqbot/lab/world"
	"vmqbot/sim/images"
)

// BenchmarkClusters is what 200 nodes weigh: 50 clusters of 4 that have joined
// and are idle. It reports the memory of the process beyond what it had before,
// per node and in all, and the share of a core that the idle nodes take.
//
//	go test ./sim/images -run '^$' -bench Clusters -benchtime 1x
func BenchmarkClusters(b *testing.B) {
	for b.Loop() {
		weigh(b, 50, 4)
	}
}

func weigh(b *testing.B, clusters, nodes int) {
	before := heap()
	all := images.Broker(images.Options{})
	var fleets []*fleet
	begin := time.Now()
	for range clusters {
		f := newFleet(b, 0)
		for n := range nodes {
			f.add(world.Host{Name: fmt.Sprint("n", n+1), Index: n + 1}, find(b, all, world.BrokerImage), "VERNEMQ_START_SECONDS=1")
		}
		for _, x := range f.boxes {
			if err := x.run(); err != nil {
				b.Fatal(err)
			}
			x.attach()
		}
		fleets = append(fleets, f)
	}
	for _, f := range fleets {
		f.join(f.boxes)
	}
	for _, f := range fleets {
		f.whole(f.boxes)
	}
	b.ReportMetric(time.Since(begin).Seconds(), "s/start")
	after := heap()
	b.ReportMetric(float64(after-before)/1e6, "MB")
	b.ReportMetric(float64(after-before)/1e3/float64(clusters*nodes), "kB/node")
	b.ReportMetric(float64(runtime.NumGoroutine())/float64(clusters*nodes), "goroutines/node")
	cpu, since := used(b), time.Now()
	const idle = 20 * time.Second
	<-time.After(idle)
	b.ReportMetric(100*(used(b)-cpu).Seconds()/time.Since(since).Seconds(), "%core")
}

// heap is all memory that the Go runtime holds and has not given back, stacks
// included.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapIdle)
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
