package speech

import (
	"strings"

	"vmqbot/cells"
)

// rows is how many of the first lines are one table: a heading of capitals, two
// blanks before it, and the lines below it that begin so.
func rows(lines []string) int {
	if !heading(lines[0]) {
		return 0
	}
	n, starts := 1, columns(lines[0])
	for n < len(lines) && inColumns(lines[n], starts) && !heading(lines[n]) {
		n++
	}
	return n
}

// inColumns reports whether a line has two blanks before each column that it reaches.
func inColumns(line string, starts []int) bool {
	for _, at := range starts {
		if left, right := cells.Cut(line, at); right != "" && at > 0 && !strings.HasSuffix(left, "  ") {
			return false
		}
	}
	return strings.HasPrefix(line, "  ")
}

// heading reports whether each of at least two columns is named in capitals.
func heading(line string) bool {
	if !strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "   ") || line != strings.ToUpper(line) {
		return false
	}
	starts := columns(line)
	for _, cell := range cellsOf(line, starts) {
		if cell[0] < 'A' || cell[0] > 'Z' || strings.ContainsAny(cell, "0123456789") {
			return false
		}
	}
	return len(starts) > 1
}

// columns are where the columns of a heading begin, in cells.
func columns(heading string) []int {
	var all []int
	at := 0
	for i, r := range heading {
		if r != ' ' && (i == 0 || i >= 2 && heading[i-2:i] == "  ") {
			all = append(all, at)
		}
		at++
	}
	return all
}

// table says each cell by itself and sets the columns anew, for a Chinese letter
// takes two cells.
func (t *Tongue) table(lines []string) []string {
	starts := columns(lines[0])
	var rows [][]string
	widths := make([]int, len(starts))
	for _, line := range lines {
		row := cellsOf(line, starts)
		for i := range row {
			row[i] = t.Line(row[i])
			widths[i] = max(widths[i], cells.Width(row[i]))
		}
		rows = append(rows, row)
	}
	out := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, c := range row {
			b.WriteString("  " + cells.Pad(c, widths[j]))
		}
		out[i] = strings.TrimRight(b.String(), " ")
	}
	return out
}

// cellsOf cuts a row where the columns begin.
func cellsOf(line string, starts []int) []string {
	row := make([]string, len(starts))
	for i, from := range starts {
		if i == 0 {
			_, line = cells.Cut(line, from)
		}
		cell := line
		if i+1 < len(starts) {
			cell, line = cells.Cut(line, starts[i+1]-from)
		}
		row[i] = strings.TrimSpace(cell)
	}
	return row
}
