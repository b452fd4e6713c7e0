package vernemq

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// A reply is what a vmq-admin command said, in whichever form.
type reply struct {
	words  string // the text, when it spoke; alerts too
	table  table
	tabled bool // there was a table, perhaps an empty one
	json   bool
}

// read understands the form of an answer and refuses the troubles that any
// command can have. It leaves the meaning of words to the caller.
func read(a answer.Answer) (reply, error) {
	if r := troubleOf(a); r != nil {
		return reply{}, r
	}
	out := bare(a.Stdout)
	var (
		r  reply
		ok bool
	)
	if strings.HasPrefix(out, "{") || strings.HasPrefix(out, "[{") {
		r, ok = readForm(out)
	} else {
		r, ok = humanForm(out)
	}
	if !ok {
		return reply{}, garbled(a, out)
	}
	if t := troubleIn(strings.TrimSpace(r.words)); t != nil {
		return reply{}, asAsked(a, t)
	}
	return r, nil
}

func readForm(s string) (reply, bool) {
	objects, ok := readJSON(s)
	if !ok {
		return reply{}, false
	}
	r := reply{json: true}
	for _, o := range objects {
		switch {
		case o.Type == "text" && o.Text != nil:
			r.words += *o.Text + "\n"
		case o.Type == "alert" && len(o.Alert) > 0:
			for _, t := range o.Alert {
				if t.Text == nil {
					return reply{}, false
				}
				r.words += *t.Text + "\n"
			}
		case o.Type == "table" && o.Table != nil && !r.tabled:
			if r.table, ok = jsonTable(o.Table); !ok {
				return reply{}, false
			}
			r.tabled = true
		default:
			return reply{}, false
		}
	}
	return r, true
}

// humanForm separates the one table there may be from the words around it.
func humanForm(s string) (reply, bool) {
	var drawn, words []string
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "|") {
			drawn = append(drawn, line)
		} else {
			words = append(words, line)
		}
	}
	r := reply{words: strings.Join(words, "\n")}
	if !slices.ContainsFunc(drawn, rule.MatchString) {
		r.words = s
		return r, true
	}
	var ok bool
	r.table, ok = humanTable(drawn)
	r.tabled = ok
	return r, ok
}

// readTable reads an answer that is a table with at least these columns
// (a|b: one of the two) and nothing else, in any form. Where no rows can be
// meant, empty says so: the human form of an empty table is nothing at all.
func readTable(a answer.Answer, empty bool, columns ...string) (table, error) {
	t, words, err := tableAndWords(a, empty, columns...)
	if err == nil && words != "" {
		return table{}, garbled(a, words)
	}
	return t, err
}

// tableAndWords reads a table that may have words around it.
func tableAndWords(a answer.Answer, empty bool, columns ...string) (t table, words string, err error) {
	r, err := read(a)
	if err != nil {
		return table{}, "", err
	}
	if !r.tabled && strings.HasSuffix(a.Stdout, "\n") {
		r = csvForm(r, columns)
	}
	said := bare(a.Stdout) + bare(a.Stderr)
	switch {
	case a.Exit != 0, !r.tabled && said != "", !r.tabled && wantsJSON(a.Argv):
		return table{}, "", garbled(a, a.Stdout)
	case len(r.table.rows) == 0 && !empty && !r.json:
		return table{}, "", garbled(a, a.Stdout)
	case len(r.table.rows) > 0 && !r.table.has(columns), r.table.columnTwice(), r.table.misnamed():
		return table{}, "", garbled(a, a.Stdout)
	}
	return r.table, strings.TrimSpace(r.words), nil
}

// wantsJSON reports that the answer was asked for as JSON, which says even
// "nothing" in words: {"table":[],"type":"table"}.
func wantsJSON(argv []string) bool { return slices.Contains(argv, "--format=json") }

// misnamed reports a column that no version can have.
func (t table) misnamed() bool {
	return slices.ContainsFunc(t.columns, func(c string) bool { return !columnName.MatchString(c) })
}

func (t table) has(columns []string) bool {
	return !slices.ContainsFunc(columns, func(c string) bool { return t.column(strings.Split(c, "|")...) < 0 })
}

var columnName = regexp.MustCompile(`\A[A-Za-z][\w .:/()-]*\z`)

// csvForm reads --format=csv: the header must name every wanted column, and
// every record must be whole.
func csvForm(r reply, columns []string) reply {
	records, err := csv.NewReader(strings.NewReader(r.words)).ReadAll()
	if err != nil || r.json || len(records) < 2 || len(columns)+len(records[0]) < 2 {
		return r
	}
	t := table{columns: records[0], rows: records[1:]}
	if !t.has(columns) || t.misnamed() {
		return r
	}
	return reply{table: t, tabled: true}
}

// done reads the answer of a command that says Done.
func done(a answer.Answer) error {
	words, err := said(a)
	if err == nil && (words != "Done" || a.Exit != 0) {
		return garbled(a, a.Stdout)
	}
	return err
}

// said reads an answer that is words in any form.
func said(a answer.Answer) (string, error) {
	r, err := read(a)
	if err == nil && r.tabled {
		err = garbled(a, a.Stdout)
	}
	return strings.TrimSpace(r.words), err
}
