package tools

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// ping sends echo requests; 0 when an answer came, 1 when none, 2 for other
// errors. Its words are those of iputils 20211215.
func ping(p *kernel.Process) int {
	o, ok := parse(p, "c:W:i:s:M:w:nq4I:", "")
	if !ok {
		return 2
	}
	count, errC := strconv.Atoi(o.get("c", "0"))
	size, errS := strconv.Atoi(o.get("s", "56"))
	wait, fineW := duration(o.get("W", "10"))
	gap, fineI := duration(o.get("i", "1"))
	if errC != nil || errS != nil || !fineW || !fineI {
		complain(p, "invalid argument")
		return 1
	}
	if len(o.args) == 0 {
		complain(p, "usage error: Destination address required")
		return 1
	}
	name := o.args[0]
	if name == "localhost" {
		name = "127.0.0.1"
	}
	to, err := netip.ParseAddr(name)
	if err != nil {
		complain(p, "%s: Name or service not known", name)
		return 2
	}
	e := p.Net.Echo(to)
	if !e.Routed {
		complain(p, "connect: Network is unreachable")
		return 2
	}
	b := &pinger{p: p, to: to, size: size, quiet: o.has("q"), wait: wait, gap: gap, mtu: 1500 - 28}
	if o.get("M", "") != "do" {
		b.mtu = math.MaxInt
	}
	p.Printf("PING %s (%s) %d(%d) bytes of data.\n", o.args[0], to, size, size+28)
	return b.run(o.args[0], count)
}

type pinger struct {
	p         *kernel.Process
	to        netip.Addr
	size, mtu int
	quiet     bool
	wait, gap time.Duration
	sent      int
	errors    int
	times     []float64 // milliseconds
}

// run sends until the count is reached or somebody interrupts it, which prints
// the figures too.
func (b *pinger) run(name string, count int) int {
	stop := make(chan kernel.Signal, 1)
	b.p.Catch(stop, kernel.INT)
	start := time.Now()
	for running := true; running && (count == 0 || b.sent < count); {
		next := time.Now().Add(b.gap)
		answered := b.once()
		if count > 0 && b.sent == count {
			if !answered {
				b.pause(b.wait, stop)
			}
			break
		}
		running = b.pause(time.Until(next), stop)
	}
	return b.report(name, time.Since(start))
}

func (b *pinger) pause(d time.Duration, stop <-chan kernel.Signal) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-stop:
	case <-b.p.Context().Done():
	}
	return false
}

// once sends one request and waits for its answer, if there will be one.
func (b *pinger) once() bool {
	b.sent++
	if b.size > b.mtu {
		b.errors++
		b.p.Errorf("ping: local error: message too long, mtu=%d\n", b.mtu+28)
		return false
	}
	began := time.Now()
	e := b.p.Net.Echo(b.to)
	switch {
	case e.Open:
		if e.RTT > 0 && !b.p.Sleep(e.RTT) {
			return false
		}
		ms := float64(max(time.Since(began), e.RTT).Nanoseconds()) / 1e6
		b.times = append(b.times, ms)
		if !b.quiet {
			b.p.Printf("%d bytes from %s: icmp_seq=%d ttl=64 time=%s ms\n", b.size+8, b.to, b.sent, short(ms))
		}
		return true
	case e.Routed && !e.There:
		b.errors++
		if !b.quiet {
			b.p.Printf("From %s icmp_seq=%d Destination Host Unreachable\n", e.Source, b.sent)
		}
	}
	return false
}

// short prints milliseconds with three digits, as ping does.
func short(ms float64) string {
	switch {
	case ms >= 99.95:
		return strconv.FormatFloat(ms, 'f', 0, 64)
	case ms >= 9.995:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	case ms >= 0.9995:
		return strconv.FormatFloat(ms, 'f', 2, 64)
	}
	return strconv.FormatFloat(ms, 'f', 3, 64)
}

func (b *pinger) report(name string, took time.Duration) int {
	extra := ""
	if b.errors > 0 {
		extra = fmt.Sprintf(" +%d errors,", b.errors)
	}
	loss := strings.TrimSuffix(strconv.FormatFloat(100*float64(b.sent-len(b.times))/float64(max(b.sent, 1)), 'g', 6, 64), ".")
	b.p.Printf("\n--- %s ping statistics ---\n%d packets transmitted, %d received,%s %s%% packet loss, time %dms\n", name, b.sent, len(b.times), extra, loss, took.Milliseconds())
	if len(b.times) == 0 {
		b.p.Printf("\n")
		return 1
	}
	low, high, sum, squares := math.Inf(1), 0.0, 0.0, 0.0
	for _, t := range b.times {
		low, high = min(low, t), max(high, t)
		sum, squares = sum+t, squares+t*t
	}
	n := float64(len(b.times))
	b.p.Printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", low, sum/n, high, math.Sqrt(max(0, squares/n-sum/n*sum/n)))
	return 0
}
