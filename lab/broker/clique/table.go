package clique

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// human renders a table for people.
func (t Table) human(style Style) string {
	if len(t.Rows) == 0 {
		return ""
	}
	if style == Plain {
		return t.plain()
	}
	return t.ruled()
}

// ruled is stdout_formatter's look: cells to the left, lines inside a cell on
// lines of their own, a rule after every row.
func (t Table) ruled() string {
	rows := t.cells()
	width := t.widths(rows)
	rule := ruleOf(width, 2)
	var b strings.Builder
	b.WriteString(rule)
	for i, row := range rows {
		height := 1
		for _, c := range row {
			height = max(height, len(c))
		}
		for line := range height {
			for j, c := range row {
				word := ""
				if line < len(c) {
					word = c[line]
				}
				pad := strings.Repeat(" ", width[j]-utf8.RuneCountInString(word))
				if i == 0 {
					word = "\x1b[1m" + word + "\x1b[0m"
				}
				b.WriteString("| " + word + pad + " ")
			}
			b.WriteString("|\n")
		}
		b.WriteString(rule)
	}
	return b.String()
}

// plain is clique's own look: centered cells, one rule at the end.
func (t Table) plain() string {
	rows := t.cells()
	for _, row := range rows {
		for j, c := range row {
			row[j] = []string{strings.Join(c, " ")}
		}
	}
	width := t.widths(rows)
	rule := ruleOf(width, 0)
	var b strings.Builder
	b.WriteString(rule)
	for i, row := range rows {
		for j, c := range row {
			word := c[0]
			spare := width[j] - utf8.RuneCountInString(word)
			b.WriteString("|" + strings.Repeat(" ", spare/2) + word + strings.Repeat(" ", spare-spare/2))
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(rule)
		}
	}
	return b.String() + rule + "\n"
}

// cells is the header and the rows as lines of text.
func (t Table) cells() [][][]string {
	var out [][][]string
	var head [][]string
	for _, h := range t.Header {
		head = append(head, []string{h})
	}
	out = append(out, head)
	for _, r := range t.Rows {
		var row [][]string
		for _, v := range r {
			row = append(row, strings.Split(word(v), "\n"))
		}
		out = append(out, row)
	}
	return out
}

func (t Table) widths(rows [][][]string) []int {
	width := make([]int, len(t.Header))
	for _, row := range rows {
		for j, c := range row {
			for _, line := range c {
				width[j] = max(width[j], utf8.RuneCountInString(line))
			}
		}
	}
	return width
}

func ruleOf(width []int, pad int) string {
	var b strings.Builder
	for _, w := range width {
		b.WriteString("+" + strings.Repeat("-", w+pad))
	}
	return b.String() + "+\n"
}

func word(v any) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(v)
}
