package clique

import (
	"strings"
)

// csv writes tables with CRLF, as clique does, and everything else as text.
func (r Result) csv() string {
	var b strings.Builder
	for _, p := range r.Parts {
		t, ok := p.(Table)
		if !ok {
			b.WriteString(Result{Parts: []Part{p}}.human(Plain))
			continue
		}
		if len(t.Rows) == 0 {
			continue
		}
		b.WriteString(csvLine(t.Header))
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for j, v := range row {
				cells[j] = word(v)
			}
			b.WriteString(csvLine(cells))
		}
	}
	return b.String()
}

func csvLine(cells []string) string {
	for i, c := range cells {
		if strings.ContainsAny(c, ",\"\n\r") {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return strings.Join(cells, ",") + "\r\n"
}
