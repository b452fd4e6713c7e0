package tools

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strings"

	"vmqbot/sim/kernel"
)

// grep prints lines that match; 0 when there were some, 1 when none, 2 after an
// error. Backreferences are unknown to it.
func grep(p *kernel.Process) int {
	o, ok := parse(p, "qwFe:cEviohHxsnr", "quiet", "count", "fixed-strings", "extended-regexp")
	if !ok {
		return 2
	}
	patterns, names := o.get("e", ""), o.args
	if !o.has("e") {
		if len(names) == 0 {
			p.Errorf("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
			return 2
		}
		patterns, names = names[0], names[1:]
	}
	matches, err := matcher(o, patterns)
	if err != nil {
		complain(p, "%v", err)
		return 2
	}
	g := &search{p: p, o: o, matches: matches, named: (len(names) > 1 || o.has("H")) && !o.has("h")}
	status := 0
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		if err := each(p, name, g.read); err != nil {
			if status = 2; !o.has("s") {
				cannot(p, name, err)
			}
		}
	}
	switch {
	case g.found && (status == 0 || o.has("q")):
		return 0
	case status != 0:
		return status
	}
	return 1
}

type search struct {
	p       *kernel.Process
	o       options
	matches func(line string) []string
	named   bool
	found   bool
}

func (g *search) read(name string, r io.Reader) error {
	in, n, number := bufio.NewReader(r), 0, 0
	front := ""
	if g.named {
		front = name + ":"
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line == "" {
			break
		}
		number++
		line = strings.TrimSuffix(line, "\n")
		hits := g.matches(line)
		if (hits != nil) == g.o.has("v") {
			continue
		}
		n++
		if g.found = true; g.o.has("q") {
			return nil
		}
		g.print(front, line, number, hits)
	}
	if g.o.has("c") {
		g.p.Printf("%s%d\n", front, n)
	}
	return nil
}

func (g *search) print(front, line string, number int, hits []string) {
	switch {
	case g.o.has("c"):
	case g.o.has("o"):
		for _, hit := range hits {
			g.p.Printf("%s%s\n", front, hit)
		}
	case g.o.has("n"):
		g.p.Printf("%s%d:%s\n", front, number, line)
	default:
		g.p.Printf("%s%s\n", front, line)
	}
}

// matcher finds what matches in a line; nil is nothing.
func matcher(o options, patterns string) (func(string) []string, error) {
	var parts []string
	for _, pattern := range strings.Split(patterns, "\n") {
		switch {
		case o.has("F", "fixed-strings"):
			pattern = regexp.QuoteMeta(pattern)
		case !o.has("E", "extended-regexp"):
			pattern = basic(pattern)
		}
		parts = append(parts, pattern)
	}
	all := "(?:" + strings.Join(parts, "|") + ")"
	if o.has("x") {
		all = "^" + all + "$"
	}
	if o.has("i") {
		all = "(?i)" + all
	}
	re, err := regexp.Compile(all)
	if err != nil {
		return nil, err
	}
	return func(line string) []string {
		if !o.has("w") {
			return re.FindAllString(line, -1)
		}
		var whole []string
		for _, at := range re.FindAllStringIndex(line, -1) {
			if !wordAt(line, at[0]-1) && !wordAt(line, at[1]) {
				whole = append(whole, line[at[0]:at[1]])
			}
		}
		return whole
	}, nil
}

func wordAt(line string, i int) bool {
	if i < 0 || i >= len(line) {
		return false
	}
	c := line[i]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// basic rewrites a basic regular expression: there the backslash makes of a
// character an operator that it makes plain in an extended one.
func basic(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\' && i+1 < len(pattern):
			i++
			if strings.IndexByte("+?|(){}", pattern[i]) < 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(pattern[i])
		case c == '*' && (i == 0 || pattern[i-1] == '^' && i == 1) || strings.IndexByte("+?|(){}", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '[':
			end := bracketEnd(pattern, i)
			b.WriteString(strings.ReplaceAll(pattern[i:end], `\`, `\\`))
			i = end - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// bracketEnd is behind the bracket expression that begins at i.
func bracketEnd(pattern string, i int) int {
	at := i + 1
	if at < len(pattern) && pattern[at] == '^' {
		at++
	}
	if at < len(pattern) && pattern[at] == ']' {
		at++
	}
	for at < len(pattern) && pattern[at] != ']' {
		if strings.HasPrefix(pattern[at:], "[:") {
			if n := strings.Index(pattern[at:], ":]"); n > 0 {
				at += n + 1
			}
		}
		at++
	}
	return min(at+1, len(pattern))
}
