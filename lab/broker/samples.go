package broker

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// sample is one value of one metric.
type sample struct {
	kind string // counter, gauge or histogram
	name string
	help string
	n    int64
	hist *histogram
	mqtt bool // labeled with the protocol version
}

// human is the form of `metrics show`.
func (s sample) human() string {
	if s.hist == nil {
		return fmt.Sprintf("%s.%s = %d\n", s.kind, s.name, s.n)
	}
	var b strings.Builder
	line := func(suffix string, v int64) { fmt.Fprintf(&b, "histogram.%s_%s = %d\n", s.name, suffix, v) }
	line("bucket_infinity", s.hist.Buckets[6])
	for i := len(bucketBounds) - 1; i >= 0; i-- {
		line(fmt.Sprintf("bucket_%d", bucketBounds[i]), s.hist.Buckets[i])
	}
	line("count", s.hist.Count)
	line("sum", s.hist.Sum)
	return b.String() + "\n"
}

// samples is every metric with its value now.
func (n *Node) samples() []sample {
	var out []sample
	for _, c := range counters {
		if c.name == "mqtt_connack_sent" && n.dialect.Legacy {
			continue
		}
		out = append(out, sample{kind: "counter", name: c.name, help: c.help, n: n.met.get(c.name), mqtt: c.mqtt})
	}
	out = append(out, n.gauges()...)
	for _, h := range histograms {
		v := n.met.histogram(h.name)
		out = append(out, sample{kind: "histogram", name: h.name, help: h.help, hist: &v})
	}
	return out
}

// gauges are measured when asked for.
func (n *Node) gauges() []sample {
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	g := func(name, help string, v int64) sample { return sample{kind: "gauge", name: name, help: help, n: v} }
	out := []sample{
		g("vm_memory_total", "The total amount of memory allocated.", int64(mem.Sys)),
		g("vm_memory_processes", "The amount of memory allocated for processes.", int64(mem.HeapAlloc)),
		g("vm_memory_system", "The amount of memory allocated for the emulator.", int64(mem.Sys-mem.HeapAlloc)),
		g("system_process_count", "The number of Erlang processes.", int64(runtime.NumGoroutine())),
		g("system_run_queue", "The total number of processes and ports ready to run on all run-queues.", 0),
		g("system_utilization", "The average system (scheduler) utilization (percentage).", 0),
		{kind: "counter", name: "system_wallclock", help: "The number of milli-seconds passed since the node was started.",
			n: time.Since(n.began).Milliseconds()},
	}
	a := n.running()
	if a == nil {
		return out
	}
	online, offline, _ := a.queues.totals()
	clients := int64(a.connections())
	return append(out,
		g("total_active_connections", "The total number of active MQTT and MQTTWS connections.", clients),
		g("active_mqtt_connections", "The number of active MQTT(S) connections.", clients),
		g("active_mqttws_connections", "The number of active MQTT WS(S) connections.", 0),
		g("queue_processes", "The number of MQTT queue processes.", int64(online+offline)),
		g("retain_messages", "The number of currently stored retained messages.", int64(len(a.meta.living(retPrefix)))),
		g("retain_memory", "The number of bytes used for storing retained messages.", int64(a.meta.size(retPrefix))),
		g("router_subscriptions", "The number of subscriptions in the routing table.", int64(a.routes.count())),
		g("router_memory", "The number of bytes used by the routing table.", int64(a.meta.size(subPrefix))),
	)
}
