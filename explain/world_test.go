package explain_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/explain"
)

// A member is one row of a cluster that no recorded run has.
type member struct {
	Node    string `json:"node"`
	Running bool   `json:"running"`
}

func members(r *rand.Rand) []member {
	kinds := []string{"VerneMQ@192.168.%d.%d", "vmq-7@host%d-%d.example", "a@10.%d.0.%d", "Verne_MQ.x@h-%d.%d"}
	var all []member
	for i := range 1 + r.IntN(50) {
		all = append(all, member{fmt.Sprintf(kinds[r.IntN(len(kinds))], r.IntN(256), i), r.IntN(3) > 0})
	}
	return all
}

// forms draw the same rows as each version and each --format does.
var forms = map[string]func([]member) string{
	"2.x": func(all []member) string { return drawn(all, "| %s | %-7t |\n", "| %s | Running |\n", true) },
	"1.x": func(all []member) string { return drawn(all, "|%s| %-6t|\n", "|%s|Running|\n", false) + "\n" },
	"bold": func(all []member) string {
		return strings.Replace(drawn(all, "| %s | %-7t |\n", "| \x1b[1m%s\x1b[0m | \x1b[1mRunning\x1b[0m |\n", true), "Node", "Node", 1)
	},
	"csv": func(all []member) string {
		s := "Node,Running\n"
		for _, m := range all {
			s += fmt.Sprintf("%s,%t\n", m.Node, m.Running)
		}
		return s
	},
	"json": func(all []member) string {
		var rows []string
		for _, m := range all {
			rows = append(rows, fmt.Sprintf(`{"Running":%t,"Node":%q}`, m.Running, m.Node))
		}
		return `{"type":"table","table":[` + strings.Join(rows, ",") + `]}`
	},
}

func drawn(all []member, row, head string, ruled bool) string {
	width := 4
	for _, m := range all {
		width = max(width, len(m.Node))
	}
	pad := func(s string) string { return s + strings.Repeat(" ", width-len(s)) }
	first := fmt.Sprintf(row, pad(""), true)
	rule := "+" + strings.Repeat("-", strings.Index(first[1:], "|")) + "+"
	rule += strings.Repeat("-", len(first)-len(rule)-2) + "+\n"
	s := rule + fmt.Sprintf(head, pad("Node")) + rule
	for i, m := range all {
		s += fmt.Sprintf(row, pad(m.Node), m.Running)
		if ruled || i == len(all)-1 {
			s += rule
		}
	}
	return s
}

// dress are ways in which the command is typed.
var dress = []string{
	"vmq-admin cluster show", "docker exec -it vernemq-release-cn-1 vmq-admin cluster show", "sudo docker exec c /vernemq/bin/vmq-admin   cluster show",
	`ssh h docker exec c sh -c '"vmq-admin cluster show"'`,
}

// TestClusterOfAnySize: names, addresses, orders and counts that no recorded
// run has give the right facts in every form; a cut one gives none that the
// whole has not.
func TestClusterOfAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		all := members(r)
		for form, draw := range forms {
			line := dress[r.IntN(len(dress))]
			argv, err := explain.Command(line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			a := answer.Answer{Argv: argv, Stdout: draw(all)}
			if got := nodesOf(t, a); !reflect.DeepEqual(got, all) {
				t.Fatalf("%s as %s:\n got %v\nwant %v\n%s", line, form, got, all, a.Stdout)
			}
			crlf := a
			crlf.Stdout = strings.ReplaceAll(a.Stdout, "\n", "\r\n")
			if got := nodesOf(t, crlf); !reflect.DeepEqual(got, all) {
				t.Fatalf("%s as %s with CRLF: %v", line, form, got)
			}
			a.Stdout = a.Stdout[:r.IntN(len(a.Stdout)-1)]
			if got := nodesOf(t, a); len(got) > len(all) || !reflect.DeepEqual(got, all[:len(got)]) && len(got) > 0 {
				t.Fatalf("%s as %s cut: %v\n%s", line, form, got, a.Stdout)
			}
		}
	}
}

// nodesOf gives the facts as a script reads them, nil for what is refused.
func nodesOf(t *testing.T, a answer.Answer) []member {
	t.Helper()
	m, ok := explain.Meaning(a)
	if !ok {
		return nil
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Facts struct{ Nodes []member } }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	return got.Facts.Nodes
}

// TestMeshOfAnySize: a full mesh of any hosts, with nicknames that people
// choose.
func TestMeshOfAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	nicks := []string{"my host (old)", "ü 東京", "established", "a(b)c", "", "x -> y", "vmq-7.example", ")("}
	for range 40 {
		n := 1 + r.IntN(20)
		var names, want []string
		for i := range n {
			nick := nicks[r.IntN(len(nicks))]
			name := fmt.Sprintf("%02x:00:00:00:00:%02x", r.IntN(256), i)
			names, want = append(names, name+"("+nick+")"), append(want, name+" "+nick)
		}
		var b strings.Builder
		for i, me := range names {
			b.WriteString(me + "\n")
			for j, other := range names {
				switch {
				case i < j:
					fmt.Fprintf(&b, "   -> %-21s %-37s %s\n", fmt.Sprintf("192.168.7.%d:6783", j), other, "established")
				case i > j:
					fmt.Fprintf(&b, "   <- %-21s %-37s %s\n", fmt.Sprintf("172.16.0.%d:%d", j, 40000+i), other, "established")
				}
			}
		}
		a := answer.Answer{Argv: []string{"weave", "status", "peers"}, Stdout: b.String()}
		if got := peersOf(t, a); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q\n%s", got, want, a.Stdout)
		}
		first := strings.Index(a.Stdout, "\n") + 1 // a host that is alone says no more
		if a.Stdout = a.Stdout[:r.IntN(len(a.Stdout))]; len(a.Stdout) == first {
			continue
		}
		if got := peersOf(t, a); got != nil {
			t.Fatalf("cut to %q it is understood as %q", a.Stdout, got)
		}
	}
}

func peersOf(t *testing.T, a answer.Answer) []string {
	t.Helper()
	m, ok := explain.Meaning(a)
	if !ok {
		return nil
	}
	b, err := json.Marshal(m.Facts)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Peers []struct{ Name, Nickname string }
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range f.Peers {
		all = append(all, p.Name+" "+p.Nickname)
	}
	return all
}
