package tools

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"vmqbot/sim/kernel"
)

func echo(p *kernel.Process) int {
	args, end := p.Argv[1:], "\n"
	if len(args) > 0 && args[0] == "-n" {
		args, end = args[1:], ""
	}
	p.Printf("%s%s", strings.Join(args, " "), end)
	return 0
}

func basename(p *kernel.Process) int {
	if len(p.Argv) < 2 {
		complain(p, "missing operand")
		return 1
	}
	name := path.Base(p.Argv[1])
	if len(p.Argv) > 2 && name != p.Argv[2] {
		name = strings.TrimSuffix(name, p.Argv[2])
	}
	p.Printf("%s\n", name)
	return 0
}

func dirname(p *kernel.Process) int {
	if len(p.Argv) < 2 {
		complain(p, "missing operand")
		return 1
	}
	p.Printf("%s\n", path.Dir(strings.TrimRight(p.Argv[1], "/")))
	return 0
}

// cut prints fields (-d -f) or characters (-c) of lines.
func cut(p *kernel.Process) int {
	o, ok := parse(p, "d:f:c:b:s")
	if !ok {
		return 1
	}
	list, bytes := o.get("f", ""), false
	if !o.has("f") {
		list, bytes = o.get("c", o.get("b", "")), true
	}
	if list == "" {
		complain(p, "you must specify a list of bytes, characters, or fields")
		return 1
	}
	sep := o.get("d", "\t")
	all, status := slurp(p, o.args)
	for _, line := range linesOf(all) {
		parts, join := strings.Split(line, sep), sep
		if bytes {
			parts, join = strings.Split(line, ""), ""
		} else if len(parts) == 1 {
			if !o.has("s") {
				p.Printf("%s\n", line)
			}
			continue
		}
		var kept []string
		for i, part := range parts {
			if inList(list, i+1) {
				kept = append(kept, part)
			}
		}
		p.Printf("%s\n", strings.Join(kept, join))
	}
	return status
}

// inList reports a number of a list as 1,3-5,7-.
func inList(list string, n int) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(part string) bool {
		from, to, ranged := strings.Cut(part, "-")
		low, _ := strconv.Atoi(from) // none begins at the first
		high, err := strconv.Atoi(to)
		if !ranged {
			return n == low
		}
		return n >= low && (err != nil || n <= high)
	})
}

// tr replaces, deletes (-d) or squeezes (-s) characters; -c takes all others.
func tr(p *kernel.Process) int {
	o, ok := parse(p, "+dsc")
	if !ok {
		return 1
	}
	if len(o.args) == 0 || len(o.args) == 1 && !o.has("d", "s") {
		complain(p, "missing operand")
		return 1
	}
	from, to := charSet(o.args[0]), ""
	if len(o.args) > 1 {
		to = charSet(o.args[1])
	}
	all, _ := slurp(p, nil)
	var out []byte
	squeeze := from
	if to != "" {
		squeeze = to
	}
	for _, c := range all {
		at := strings.IndexByte(from, c)
		hit := (at >= 0) != o.has("c")
		if hit && o.has("d") {
			continue
		}
		if hit && to != "" {
			if at < 0 || at >= len(to) {
				at = len(to) - 1
			}
			c = to[at]
		}
		if hit && o.has("s") && len(out) > 0 && out[len(out)-1] == c && (strings.IndexByte(squeeze, c) >= 0 || o.has("c")) {
			continue
		}
		out = append(out, c)
	}
	_, _ = p.Stdout().Write(out) // nobody to tell
	return 0
}

// charSet spells out ranges, classes and escapes.
func charSet(text string) string {
	classes := map[string]string{"[:digit:]": "0-9", "[:lower:]": "a-z", "[:upper:]": "A-Z", "[:alpha:]": "A-Za-z", "[:alnum:]": "0-9A-Za-z", "[:space:]": "\t-\r ", "[:blank:]": "\t "}
	for class, set := range classes {
		text = strings.ReplaceAll(text, class, set)
	}
	text = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\0`, "\x00", `\\`, `\`).Replace(text)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if i+2 < len(text) && text[i+1] == '-' {
			for c := int(text[i]); c <= int(text[i+2]); c++ {
				b.WriteByte(byte(c))
			}
			i += 2
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
