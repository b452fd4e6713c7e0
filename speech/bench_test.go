package speech

import "testing"

// BenchmarkLine says lines as they come: a finding with its evidence, a row of
// a plan, and one of a broker's log, which nobody translates.
func BenchmarkLine(b *testing.B) {
	z := In("zh")
	for name, line := range map[string]string{
		"finding": "BAD  cn-1 ip: want 10.0.0.1/24, have 127.0.0.1 172.17.0.2; and 44053 is not bound (F2): VerneMQ tries once, at its start",
		"plan":    "      proof       channel, mqtt OK with sg-1, us-1, eu-1 within 1m30s",
		"log":     "2026-11-23 14:00:00.123 [error] <0.215.0> Supervisor vmq_plugin_cluster_sup had child vmq_cluster_com started with vmq_cluster_com:start_link() at undefined exit with reason eaddrnotavail in context start_error",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				z.Line(line)
			}
		})
	}
}

// BenchmarkRead is what the first line costs more.
func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := Read(zh); err != nil {
			b.Fatal(err)
		}
	}
}
