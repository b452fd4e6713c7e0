package vernemq

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

// TestAnyCluster: whatever the names, the order and the count, every form
// gives the same members.
func TestAnyCluster(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Member {
			return Member{nodeNames.Draw(t, "node"), rapid.Bool().Draw(t, "running")}
		}), 1, 12).Draw(t, "members")
		g := grid{columns: []string{"Node", "Running"}}
		for _, m := range want {
			g.rows = append(g.rows, []any{m.Node, m.Running})
		}
		g.inEveryForm(ShowCluster(), func(form string, a answer.Answer) {
			got, err := ParseClusterShow(a)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nas %s is read as %v, %v", a.Stdout, form, got, err)
			}
			m, ok := Explain(a)
			if !ok || !reflect.DeepEqual(m.Facts, clusterFacts{want}) {
				t.Fatalf("%s\nas %s is explained as %v, %v", a.Stdout, form, m, ok)
			}
		})
	})
}

// TestAnyListeners covers the columns of both generations, in any order.
func TestAnyListeners(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old := rapid.Bool().Draw(t, "old")
		columns := []string{"type", "status", "address", "port", "mountpoint", "max_conns", "active_conns", "all_conns"}
		if old {
			columns = []string{"type", "status", "ip", "port", "mountpoint", "max_conns"}
		}
		order := rapid.Permutation(seq(len(columns))).Draw(t, "order")
		var want []Listener
		g := grid{}
		for _, i := range order {
			g.columns = append(g.columns, columns[i])
		}
		for range rapid.IntRange(1, 8).Draw(t, "count") {
			l := Listener{
				rapid.SampledFrom([]string{"mqtt", "vmq", "http", "mqtts", "mqttws"}).Draw(t, "type"),
				rapid.SampledFrom([]string{"running", "suspended", "down"}).Draw(t, "status"),
				addresses.Draw(t, "address"), ports.Draw(t, "port"),
				rapid.SampledFrom([]string{"", "tenant-a"}).Draw(t, "mountpoint"),
				counts.Draw(t, "max"), new(counts.Draw(t, "active")), new(counts.Draw(t, "all")),
			}
			cells := []any{l.Type, l.Status, l.Address, word(l.Port), l.Mountpoint, l.MaxConns, *l.ActiveConns, *l.AllConns}
			if old {
				l.ActiveConns, l.AllConns = nil, nil
			}
			row := []any{}
			for _, i := range order {
				row = append(row, cells[i])
			}
			g.rows, want = append(g.rows, row), append(want, l)
		}
		g.inEveryForm(ShowListeners(), func(form string, a answer.Answer) {
			got, err := ParseListeners(a)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nas %s is read as %v, %v", a.Stdout, form, got, err)
			}
		})
	})
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// TestAnySessions: client ids may hold bars, commas and wide letters.
func TestAnySessions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := grid{columns: []string{"client_id", "is_online", "mountpoint", "peer_host", "peer_port", "user", "queue_size"}}
		var want []Session
		for range rapid.IntRange(1, 6).Draw(t, "count") {
			online := rapid.Bool().Draw(t, "online")
			s := Session{ClientID: clientIDs.Draw(t, "id"), Online: &online, PeerHost: addresses.Draw(t, "host"), PeerPort: ports.Draw(t, "port")}
			row := []any{s.ClientID, online, "", s.PeerHost, s.PeerPort, nil, nil}
			if rapid.Bool().Draw(t, "named") {
				s.User = clientIDs.Draw(t, "user")
				row[5] = s.User
			}
			if n := rapid.IntRange(0, 9).Draw(t, "queue"); n > 0 {
				s.More = map[string]string{"queue_size": word(n)}
				row[6] = n
			}
			g.rows, want = append(g.rows, row), append(want, s)
		}
		g.inEveryForm(ShowSessions(), func(form string, a answer.Answer) {
			got, err := ParseSessions(a)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nas %s is read as %v, %v", a.Stdout, form, got, err)
			}
		})
	})
}

// TestAnySettings: `show KEY... --all` on any number of nodes.
func TestAnySettings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{2,8}(_[a-z]{2,8}){1,3}`), 1, 4, func(s string) string { return s }).Draw(t, "keys")
		head := rapid.SampledFrom([]string{"node", "Node"}).Draw(t, "head")
		g := grid{columns: append([]string{head}, keys...)}
		var want []NodeSettings
		for range rapid.IntRange(1, 5).Draw(t, "count") {
			s := NodeSettings{nodeNames.Draw(t, "node"), map[string]string{}}
			row := []any{s.Node}
			for _, k := range keys {
				s.Values[k] = rapid.SampledFrom([]string{"on", "off", "20", "vmq_swc"}).Draw(t, k)
				row = append(row, s.Values[k])
			}
			g.rows, want = append(g.rows, row), append(want, s)
		}
		argv, err := ShowSettings(true, keys...)
		if err != nil {
			t.Fatal(err)
		}
		g.inEveryForm(argv, func(form string, a answer.Answer) {
			got, _, err := ParseShow(a)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nas %s is read as %v, %v", a.Stdout, form, got, err)
			}
		})
	})
}

// TestAnyMetrics reads any numbers, as text, as JSON and from /metrics.
func TestAnyMetrics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Metrics(rapid.MapOfN(rapid.StringMatching(`[a-z]{2,9}(_[a-z]{2,9}){0,3}`), rapid.Float64Range(0, 1e15).Filter(func(f float64) bool { return f == float64(int64(f)) || f > 1 }), 1, 30).Draw(t, "metrics"))
		node := nodeNames.Draw(t, "node")
		var text, prom strings.Builder
		for name, v := range want {
			fmt.Fprintf(&text, "%s.%s = %s\n", rapid.SampledFrom([]string{"counter", "gauge", "histogram"}).Draw(t, "type"), name, word(v))
			fmt.Fprintf(&prom, "# HELP vernemq_%s Text.\n# TYPE vernemq_%[1]s counter\nvernemq_%[1]s{node=%q} %s\n", name, node, word(v))
		}
		for _, out := range []string{text.String() + "\n", `{"text":` + word2(text.String()) + `,"type":"text"}`} {
			if got, err := ParseMetrics(answer.Answer{Argv: ShowMetrics(), Stdout: out}); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nis read as %v, %v", out, got, err)
			}
		}
		head := fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n", prom.Len())
		a := answer.Answer{Argv: strings.Fields("curl -i 127.0.0.1:8888/metrics"), Stdout: head + prom.String()}
		samples, err := ParseHTTPMetrics(a)
		if err != nil || !reflect.DeepEqual(SumMetrics(samples), want) || samples[0].Labels["node"] != node {
			t.Fatalf("%s\nis read as %v, %v", a.Stdout, samples, err)
		}
		cut := rapid.IntRange(0, len(a.Stdout)-2).Draw(t, "cut")
		a.Stdout = a.Stdout[:cut]
		if got, err := ParseHTTPMetrics(a); err == nil {
			t.Fatalf("%s\nwas cut and is read as %v", a.Stdout, got)
		}
	})
}

// word2 writes a string as JSON.
func word2(s string) string { return fmt.Sprintf("%q", s) }
