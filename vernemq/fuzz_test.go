package vernemq

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"vmqbot/answer"
)

// seed adds the outputs of every recorded answer of the verbs ("" is all).
func seed(f *testing.F, verbs ...string) {
	for file, row := range meanings {
		for _, v := range verbs {
			if row.is != notOurs && (v == "" || v == row.verb) {
				a, _ := sample(f, file)
				f.Add(a.Stdout)
			}
		}
	}
}

// FuzzExplain gives any output to any command: it never panics, and what it
// accepts means the same with other line endings.
func FuzzExplain(f *testing.F) {
	for file, row := range meanings {
		if row.is != notOurs {
			a, _ := sample(f, file)
			f.Add(strings.Join(a.Argv, " "), a.Exit, a.Stdout, a.Stderr)
		}
	}
	f.Fuzz(func(t *testing.T, command string, exit int, stdout, stderr string) {
		argv, ok := split(command)
		if !ok {
			return
		}
		a := answer.Answer{Argv: argv, Exit: exit, Stdout: stdout, Stderr: stderr}
		m, ok := Explain(a)
		if !ok {
			return
		}
		if m.Tool == "" || m.Meaning == "" || m.Facts == nil {
			t.Fatalf("an accepted answer has no meaning: %+v", m)
		}
		if strings.Contains(stdout+stderr, "\r") {
			return
		}
		a.Stdout = strings.ReplaceAll(stdout, "\n", "\r\n")
		a.Stderr = strings.ReplaceAll(stderr, "\n", "\r\n")
		if n, ok := Explain(a); !ok || asJSON(t, n.Facts) != asJSON(t, m.Facts) {
			t.Fatalf("with CRLF it means %+v (%v) and not %+v", n, ok, m)
		}
	})
}

// FuzzClusterShow: what is accepted in one form is the same in all.
func FuzzClusterShow(f *testing.F) {
	seed(f, "cluster show")
	f.Fuzz(func(t *testing.T, out string) {
		members, err := ParseClusterShow(answer.Answer{Argv: ShowCluster(), Stdout: out})
		if err != nil {
			return
		}
		g := grid{columns: []string{"Node", "Running"}}
		for _, m := range members {
			g.rows = append(g.rows, []any{m.Node, m.Running})
		}
		if !drawable(g) {
			return
		}
		g.inEveryForm(ShowCluster(), func(form string, a answer.Answer) {
			if again, err := ParseClusterShow(a); err != nil || !reflect.DeepEqual(again, members) {
				t.Fatalf("%q is read as %v, and drawn %s as %v, %v", out, members, form, again, err)
			}
		})
	})
}

// drawable keeps to cells that the human forms can carry.
func drawable(g grid) bool {
	for _, r := range g.rows {
		for _, v := range r {
			s, ok := v.(string)
			if ok && (s != strings.TrimSpace(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '|' || r == 0xfffd || r > 0x7f }) || bolded.MatchString(s)) {
				return false
			}
		}
	}
	return true
}

// FuzzListeners does the same for listeners, whose columns differ by version.
func FuzzListeners(f *testing.F) {
	seed(f, "listener show")
	f.Fuzz(func(t *testing.T, out string) {
		ls, err := ParseListeners(answer.Answer{Argv: ShowListeners(), Stdout: out})
		if err != nil || len(ls) == 0 {
			return
		}
		g := grid{columns: []string{"type", "status", "address", "port", "mountpoint", "max_conns", "active_conns", "all_conns"}}
		for _, l := range ls {
			row := []any{l.Type, l.Status, l.Address, fmt.Sprint(l.Port), l.Mountpoint}
			row = append(row, map[bool]any{true: l.MaxConns, false: "infinity"}[l.MaxConns >= 0])
			for _, n := range []*int{l.ActiveConns, l.AllConns} {
				if row = append(row, ""); n != nil {
					row[len(row)-1] = *n
				}
			}
			g.rows = append(g.rows, row)
		}
		if !drawable(g) {
			return
		}
		g.inEveryForm(ShowListeners(), func(form string, a answer.Answer) {
			if again, err := ParseListeners(a); err != nil || !reflect.DeepEqual(again, ls) {
				t.Fatalf("%q is read as %v, and drawn %s as %v, %v", out, ls, form, again, err)
			}
		})
	})
}

// FuzzTables gives any output to every parser of a table.
func FuzzTables(f *testing.F) {
	seed(f, "session show", "plugin show", "webhooks show", "retain show", "node status", "show", "set", "node swc_sync_status", "log show config")
	f.Fuzz(func(t *testing.T, out string) {
		a := answer.Answer{Argv: []string{"vmq-admin"}, Stdout: out}
		if ss, err := ParseSessions(a); err == nil && ss == nil {
			t.Fatal("no list and no refusal")
		}
		if ps, err := ParsePlugins(a); err == nil {
			for _, p := range ps {
				if len(p.Hooks) != len(p.Functions) {
					t.Fatalf("half understood: %+v", p)
				}
			}
		}
		_, _ = ParseWebhooks(a)
		_, _ = ParseRetained(a)
		_, _ = ParseSet(a)
		_, _ = ParseSync(a)
		_, _ = ParseAPIKeys(a)
		_, _, _ = ParseNodeStatus(a)
		_, _, _ = ParseShow(a)
		if rows, err := ParseRows(a); err == nil {
			for _, r := range rows {
				if len(r) == 0 {
					t.Fatal("a row without cells")
				}
			}
		}
	})
}

// FuzzWords gives any output to the commands that answer in words.
func FuzzWords(f *testing.F) {
	seed(f, "cluster join", "cluster leave", "listener restart", "webhooks register", "plugin enable", "node history", "start", "stop", "restart", "version", "config generate", "chkconfig", "config effective")
	f.Fuzz(func(t *testing.T, out string) {
		for _, v := range verbs() {
			if v.tool != "curl" {
				a := answer.Answer{Argv: append([]string{v.tool}, strings.Fields(v.name)...), Stdout: out}
				if m, say, err := v.read(a); err == nil && (m == nil || say == "") {
					t.Fatalf("%s accepts %q without a meaning", v.name, out)
				}
			}
		}
	})
}

// FuzzMetrics: accepted numbers survive being printed again.
func FuzzMetrics(f *testing.F) {
	seed(f, "metrics show", "/metrics")
	f.Fuzz(func(t *testing.T, out string) {
		if m, err := ParseMetrics(answer.Answer{Argv: ShowMetrics(), Stdout: out}); err == nil {
			var b strings.Builder
			for name, v := range m {
				fmt.Fprintf(&b, "counter.%s = %s\n", name, word(v))
			}
			if again, err := ParseMetrics(answer.Answer{Argv: ShowMetrics(), Stdout: b.String()}); err != nil || !reflect.DeepEqual(m, again) {
				t.Fatalf("%q is read as %v, and printed again as %v, %v", out, m, again, err)
			}
		}
		if samples, err := ParsePrometheus(out); err == nil && len(samples) == 0 {
			t.Fatal("no samples and no refusal")
		}
	})
}

// FuzzHTTP gives any output to the paths of the web port.
func FuzzHTTP(f *testing.F) {
	seed(f, "/health", "/status.json", "/api/v1/cluster/show", "/nosuch", "/health/listeners_full_cluster")
	f.Fuzz(func(t *testing.T, out string) {
		for _, path := range []string{"/health", "/status.json", "/metrics", "/api/v1/cluster/show", "/api/v1", "/x"} {
			_, _ = Explain(answer.Answer{Argv: []string{"curl", "-i", "http://10.0.0.1:8888" + path}, Stdout: out})
		}
		if nodes, err := ParseStatusJSON(out); err == nil {
			for _, n := range nodes {
				if len(n.View) == 0 {
					t.Fatalf("a node without a view: %+v", n)
				}
			}
		}
	})
}

// FuzzTerm: a term that is read is balanced, and no beginning of a tuple or a
// list is one.
func FuzzTerm(f *testing.F) {
	f.Add(notAvailable)
	f.Add(`[{vmq,[{{{10,0,0,1},44053},[{a,#{b => "c"}}]}]}]`)
	f.Fuzz(func(t *testing.T, out string) {
		_, _ = ParseRebind(answer.Answer{Argv: rebindArgv, Stdout: out})
		_, _ = ParseConfigured(answer.Answer{Argv: rebindArgv, Stdout: out})
		v, ok := parseTerm(out)
		if _, list := v.([]any); ok && list {
			if _, ok := parseTerm(strings.TrimRight(out, " \t\n")[:len(strings.TrimRight(out, " \t\n"))-1]); ok {
				t.Fatalf("%q is read with and without its last byte", out)
			}
		}
	})
}
