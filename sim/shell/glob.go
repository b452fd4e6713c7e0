package shell

import (
	"path"
	"strings"
)

// match reports whether a text is what a pattern describes; bytes, as dash. A
// backslash quotes. POSIX 2.14 "Pattern Matching Notation".
func match(pattern, text string) bool {
	star, at := -1, 0 // the last asterisk, and where its text may go on
	p, t := 0, 0
	for {
		if p < len(pattern) && pattern[p] == '*' {
			star, at = p, t
			p++
			continue
		}
		if t == len(text) && p == len(pattern) {
			return true
		}
		if t < len(text) && p < len(pattern) {
			if n, ok := one(pattern[p:], text[t]); ok {
				p, t = p+n, t+1
				continue
			}
		}
		if star < 0 || at >= len(text) {
			return false
		}
		at++
		p, t = star+1, at
	}
}

// one matches the first element of a pattern with a byte; n is its length.
func one(pattern string, c byte) (n int, ok bool) {
	switch pattern[0] {
	case '?':
		return 1, true
	case '\\':
		if len(pattern) > 1 {
			return 2, pattern[1] == c
		}
	case '[':
		if n, ok := bracket(pattern, c); n > 0 {
			return n, ok
		}
	}
	return 1, pattern[0] == c
}

// bracket matches [...]; n is 0 when it does not end.
func bracket(pattern string, c byte) (n int, ok bool) {
	i, not := 1, false
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		not = true
		i++
	}
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return i + 1, ok != not
		}
		if rest, is := strings.CutPrefix(pattern[i:], "[:"); is {
			if class, _, closed := strings.Cut(rest, ":]"); closed {
				ok = ok || inClass(class, c)
				i += len(class) + 4
				continue
			}
		}
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
		}
		low, high := pattern[i], pattern[i]
		i++
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			if i++; pattern[i] == '\\' && i+1 < len(pattern) {
				i++
			}
			high = pattern[i]
			i++
		}
		ok = ok || low <= c && c <= high
	}
	return 0, false
}

func inClass(class string, c byte) bool {
	digit, lower, upper := c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z'
	switch class {
	case "digit":
		return digit
	case "alpha":
		return lower || upper
	case "alnum":
		return lower || upper || digit
	case "lower":
		return lower
	case "upper":
		return upper
	case "space":
		return c == ' ' || c >= '\t' && c <= '\r'
	case "blank":
		return c == ' ' || c == '\t'
	case "punct":
		return c > ' ' && c < 0x7f && !lower && !upper && !digit
	case "print":
		return c >= ' ' && c < 0x7f
	case "graph":
		return c > ' ' && c < 0x7f
	case "cntrl":
		return c < ' ' || c == 0x7f
	case "xdigit":
		return digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	}
	return false
}

// paths are the files that a pattern describes, sorted.
func (s *shell) paths(pattern string) []string {
	found := []string{""}
	for pattern != "" && len(found) > 0 {
		slashes := len(pattern) - len(strings.TrimLeft(pattern, "/"))
		for i := range found {
			found[i] += pattern[:slashes]
		}
		part, rest, more := strings.Cut(pattern[slashes:], "/")
		if pattern = ""; more {
			pattern = "/" + rest
		}
		if part != "" {
			found = s.step(found, part, more)
		}
	}
	return found
}

// step goes one folder deeper.
func (s *shell) step(from []string, part string, folder bool) []string {
	var found []string
	plain := !strings.ContainsAny(part, "*?[")
	for _, dir := range from {
		if plain {
			full := dir + unescape(part, magic)
			if _, err := s.p.Stat(full); err == nil {
				found = append(found, full)
			}
			continue
		}
		list, err := s.p.ReadDir(path.Join("./", dir))
		if strings.HasPrefix(dir, "/") {
			list, err = s.p.ReadDir(dir)
		}
		if err != nil {
			continue
		}
		for _, i := range list {
			hidden := strings.HasPrefix(i.Name(), ".") && !strings.HasPrefix(part, ".") && !strings.HasPrefix(part, `\.`)
			if !hidden && match(part, i.Name()) && (!folder || s.isFolder(dir+i.Name())) {
				found = append(found, dir+i.Name())
			}
		}
	}
	return found
}

func (s *shell) isFolder(name string) bool {
	i, err := s.p.Stat(name)
	return err == nil && i.IsDir()
}
