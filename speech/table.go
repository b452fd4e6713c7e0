package speech

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
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
	runes := []rune(line)
	for _, at := range starts {
		if at < len(runes) && string(runes[at-2:at]) != "  " {
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

// columns are where the columns of a heading begin, in runes.
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
	var cells [][]string
	widths := make([]int, len(starts))
	for _, line := range lines {
		row := cellsOf(line, starts)
		for i := range row {
			row[i] = t.Line(row[i])
			widths[i] = max(widths[i], Width(row[i]))
		}
		cells = append(cells, row)
	}
	out := make([]string, len(cells))
	for i, row := range cells {
		var b strings.Builder
		for j, c := range row {
			b.WriteString("  " + c + strings.Repeat(" ", widths[j]-Width(c)))
		}
		out[i] = strings.TrimRight(b.String(), " ")
	}
	return out
}

// cellsOf cuts a row where the columns begin.
func cellsOf(line string, starts []int) []string {
	runes := []rune(line)
	row := make([]string, len(starts))
	for i, from := range starts {
		to := len(runes)
		if i+1 < len(starts) {
			to = min(starts[i+1], len(runes))
		}
		if from < to {
			row[i] = strings.TrimSpace(string(runes[from:to]))
		}
	}
	return row
}

// Width is how many cells a text takes on a terminal.
func Width(s string) int {
	n := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
		s = s[size:]
	}
	return n
}
