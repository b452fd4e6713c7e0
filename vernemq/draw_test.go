package vernemq

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"vmqbot/answer"
)

// A grid is a table to be printed in every form VerneMQ has.
type grid struct {
	columns []string
	rows    [][]any // string, int, bool or nil
}

// word is how the human forms print a cell.
func word(v any) string {
	switch v := v.(type) {
	case nil:
		return "undefined"
	case string:
		return v
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func (g grid) widths() []int {
	w := make([]int, len(g.columns))
	for i, c := range g.columns {
		w[i] = utf8.RuneCountInString(c)
		for _, r := range g.rows {
			w[i] = max(w[i], utf8.RuneCountInString(word(r[i])))
		}
	}
	return w
}

// padded is the form of 1.11 and later: one blank on each side, bold headers,
// a rule after every row.
func (g grid) padded() string {
	var b strings.Builder
	w := g.widths()
	ruler := "+"
	for _, n := range w {
		ruler += strings.Repeat("-", n+2) + "+"
	}
	line := func(cell func(i int) (shown, bold string)) {
		for i := range w {
			shown, bold := cell(i)
			b.WriteString("| " + bold + strings.Repeat(" ", w[i]-utf8.RuneCountInString(shown)+1))
		}
		b.WriteString("|\n" + ruler + "\n")
	}
	b.WriteString(ruler + "\n")
	line(func(i int) (string, string) { return g.columns[i], "\x1b[1m" + g.columns[i] + "\x1b[0m" })
	for _, r := range g.rows {
		line(func(i int) (string, string) { return word(r[i]), word(r[i]) })
	}
	return b.String()
}

// centered is the form of 1.10 and before: three rules, no blanks.
func (g grid) centered() string {
	var b strings.Builder
	w := g.widths()
	ruler := "+"
	for _, n := range w {
		ruler += strings.Repeat("-", n) + "+"
	}
	line := func(cell func(i int) string) {
		b.WriteString("|")
		for i, n := range w {
			gap := n - utf8.RuneCountInString(cell(i))
			b.WriteString(strings.Repeat(" ", gap/2) + cell(i) + strings.Repeat(" ", gap-gap/2) + "|")
		}
		b.WriteString("\n")
	}
	b.WriteString(ruler + "\n")
	line(func(i int) string { return g.columns[i] })
	b.WriteString(ruler + "\n")
	for _, r := range g.rows {
		line(func(i int) string { return word(r[i]) })
	}
	return b.String() + ruler + "\n\n"
}

func (g grid) json() string {
	rows := make([]string, len(g.rows))
	for n, r := range g.rows {
		members := make([]string, len(r))
		for i, v := range r {
			key, _ := json.Marshal(g.columns[i])
			value, _ := json.Marshal(v)
			members[i] = string(key) + ":" + string(value)
		}
		rows[n] = "{" + strings.Join(members, ",") + "}"
	}
	return `{"table":[` + strings.Join(rows, ",") + `],"type":"table"}`
}

func (g grid) csv() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(g.columns)
	for _, r := range g.rows {
		record := make([]string, len(r))
		for i, v := range r {
			record[i] = word(v)
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

// inEveryForm calls f with the grid in each form, with either line ending.
func (g grid) inEveryForm(argv []string, f func(form string, a answer.Answer)) {
	for form, out := range map[string]string{"padded": g.padded(), "centered": g.centered(), "json": g.json(), "csv": g.csv()} {
		f(form, answer.Answer{Argv: argv, Stdout: out})
		f(form+" with CRLF", answer.Answer{Argv: argv, Stdout: strings.ReplaceAll(out, "\n", "\r\n") + "\r\n"})
	}
}

var (
	addresses = rapid.Custom(func(t *rapid.T) string {
		b := rapid.SliceOfN(rapid.IntRange(0, 255), 4, 4).Draw(t, "octets")
		return strings.Trim(strings.ReplaceAll(word(b), ",", "."), "[]")
	})
	nodeNames = rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`[A-Za-z][A-Za-z0-9_-]{0,12}`).Draw(t, "name") + "@" + addresses.Draw(t, "address")
	})
	// clientIDs hold what people put there: bars, commas, umlauts, slashes.
	clientIDs = rapid.StringMatching(`[A-Za-z0-9äß本|:/,#+=-]{1,20}`).Filter(func(s string) bool {
		return s != "undefined" && s != "null"
	})
	counts = rapid.IntRange(0, 1<<40)
	ports  = rapid.IntRange(1, 65535)
)

func TestGridForms(t *testing.T) {
	g := grid{[]string{"Node", "Running"}, [][]any{{"VerneMQ@10.77.0.1", true}}}
	for name, got := range map[string]string{"2.1.2/cluster-show-1-node": g.padded(), "2.1.2/cluster-show-1-node-json": g.json() + "\n"} {
		if a, _ := sample(t, name+".txtar"); a.Stdout != got {
			t.Errorf("the generator draws\n%s\nand VerneMQ (%s)\n%s", got, name, a.Stdout)
		}
	}
	a, _ := sample(t, "2.1.2/cluster-show-bad-format.txtar") // 2.x falls back to the form of 1.x
	if got := g.centered(); a.Stdout != got {
		t.Errorf("the generator draws\n%q\nand VerneMQ\n%q", got, a.Stdout)
	}
}
