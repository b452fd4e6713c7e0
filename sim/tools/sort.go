package tools

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/sim/kernel"
)

func sortLines(p *kernel.Process) int {
	o, ok := parse(p, "nruk:t:")
	if !ok {
		return 2
	}
	all, status := slurp(p, o.args)
	lines := linesOf(all)
	key := func(line string) string {
		if !o.has("k") {
			return line
		}
		n, _ := strconv.Atoi(strings.Split(o.get("k", "1"), ",")[0])
		fields := strings.Fields(line)
		if o.has("t") {
			fields = strings.Split(line, o.get("t", ""))
		}
		if n < 1 || n > len(fields) {
			return ""
		}
		return fields[n-1]
	}
	slices.SortStableFunc(lines, func(x, y string) int {
		order := cmp.Compare(key(x), key(y))
		if o.has("n") {
			order = cmp.Compare(leading(key(x)), leading(key(y)))
		}
		if order == 0 {
			order = cmp.Compare(x, y)
		}
		if o.has("r") {
			return -order
		}
		return order
	})
	if o.has("u") {
		lines = slices.Compact(lines)
	}
	printLines(p, lines)
	return status
}

// leading is the number that a text begins with.
func leading(text string) float64 {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && strings.IndexByte("-.0123456789", text[end]) >= 0 {
		end++
	}
	n, _ := strconv.ParseFloat(text[:end], 64) // none is 0
	return n
}

func printLines(p *kernel.Process, lines []string) {
	if len(lines) > 0 {
		p.Printf("%s\n", strings.Join(lines, "\n"))
	}
}

func uniq(p *kernel.Process) int {
	o, ok := parse(p, "c")
	if !ok {
		return 1
	}
	all, status := slurp(p, o.args)
	lines := linesOf(all)
	for i := 0; i < len(lines); {
		n := 1
		for i+n < len(lines) && lines[i+n] == lines[i] {
			n++
		}
		if o.has("c") {
			p.Printf("%7d ", n)
		}
		p.Printf("%s\n", lines[i])
		i += n
	}
	return status
}
