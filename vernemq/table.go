package vernemq

import (
	"regexp"
	"slices"
	"strings"
)

// A table is what a vmq-admin command printed, whichever form it was asked
// for. Every row has as many cells as there are columns.
type table struct {
	columns []string
	rows    [][]string
}

// column is the place of the first of the names that the table has, or -1.
// Case differs between versions and is ignored.
func (t table) column(names ...string) int {
	for _, n := range names {
		if i := slices.IndexFunc(t.columns, func(c string) bool { return strings.EqualFold(c, n) }); i >= 0 {
			return i
		}
	}
	return -1
}

// cell returns the row's cell under the first of the names that exists.
func (t table) cell(row []string, names ...string) string {
	if i := t.column(names...); i >= 0 {
		return row[i]
	}
	return ""
}

// twice gives what stands more than once under the columns, taken together.
func (t table) twice(columns ...string) (string, bool) {
	seen := map[string]bool{}
	for _, row := range t.rows {
		key := ""
		for _, c := range columns {
			key += t.cell(row, strings.Split(c, "|")...) + " "
		}
		if seen[key] {
			return key, true
		}
		seen[key] = true
	}
	return "", false
}

// columnTwice reports a column that is there twice, in which the cells could
// contradict each other.
func (t table) columnTwice() bool {
	for i, c := range t.columns {
		if t.column(c) != i {
			return true
		}
	}
	return false
}

var (
	rule   = regexp.MustCompile(`\A\+(?:-+\+)+\z`)
	bolded = regexp.MustCompile(`(?:\^\[|␛)?\[1m(.*?)(?:\^\[|␛)?\[0m`)
)

// humanTable reads a table drawn with + - and |. 2.x draws a rule after
// every row and one blank on each side of every cell; 1.x draws three rules
// and centers the cells. A table that does not end with its rule is not one.
func humanTable(lines []string) (table, bool) {
	if len(lines) < 5 || !rule.MatchString(lines[0]) || lines[len(lines)-1] != lines[0] || lines[2] != lines[0] {
		return table{}, false
	}
	split := splitter(lines[0])
	header, ok := split(bolded.ReplaceAllString(lines[1], "$1"))
	if !ok {
		return table{}, false
	}
	padded := allPadded(header)
	var groups [][][]string // rule by rule, line by line, cell by cell
	group := [][]string{}
	for _, line := range lines[3:] {
		if line == lines[0] {
			if len(group) == 0 {
				return table{}, false
			}
			groups, group = append(groups, group), [][]string{}
			continue
		}
		cells, ok := split(line)
		if !ok {
			return table{}, false
		}
		padded = padded && allPadded(cells)
		group = append(group, cells)
	}
	t := table{columns: trimmed(header)}
	if slices.Contains(t.columns, "") {
		return table{}, false
	}
	if !padded { // 1.x: one group, one line a row
		for _, line := range groups[0] {
			t.rows = append(t.rows, trimmed(line))
		}
		return t, len(groups) == 1
	}
	for _, g := range groups {
		t.rows = append(t.rows, joined(g))
	}
	return t, true
}

// splitter cuts lines into cells: where the rule has its crosses if the line
// fits, so that a cell may hold a bar, and at the bars otherwise.
func splitter(ruler string) func(string) ([]string, bool) {
	var crosses []int
	for i, r := range ruler {
		if r == '+' {
			crosses = append(crosses, i)
		}
	}
	return func(line string) ([]string, bool) {
		runes := []rune(line)
		fits := len(runes) == len(ruler)
		for _, c := range crosses {
			fits = fits && runes[c] == '|'
		}
		if !fits {
			cells := strings.Split(line, "|")
			if len(cells) != len(crosses)+1 || cells[0] != "" || cells[len(cells)-1] != "" {
				return nil, false
			}
			return cells[1 : len(cells)-1], true
		}
		var cells []string
		for i, c := range crosses[1:] {
			cells = append(cells, string(runes[crosses[i]+1:c]))
		}
		return cells, true
	}
}

// allPadded tells the two drawings apart: in 1.x the widest cell of every
// column touches both bars.
func allPadded(cells []string) bool {
	for _, c := range cells {
		if !strings.HasPrefix(c, " ") || !strings.HasSuffix(c, " ") {
			return false
		}
	}
	return true
}

func trimmed(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimSpace(c)
	}
	return out
}

// joined makes one row of the lines between two rules.
func joined(lines [][]string) []string {
	row := make([]string, len(lines[0]))
	for _, cells := range lines {
		for i, c := range trimmed(cells) {
			row[i] += c + "\n"
		}
	}
	for i := range row {
		row[i] = strings.TrimRight(row[i], "\n")
	}
	return row
}
