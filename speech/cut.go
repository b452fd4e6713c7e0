package speech

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// cut is a place where a line can be taken apart.
type cut struct {
	at   int
	by   string
	cost int // a comma is the weaker reason, a mere blank the weakest
}

// seps are what programs put between the parts of a line, the longest first.
var seps = []struct {
	by   string
	cost int
}{
	{" -> ", 2}, {" \u00b7 ", 2}, {"... ", 2}, {"...", 2}, {". ", 2}, {"; ", 2}, {": ", 2}, {" (", 3}, {") ", 3}, {"), ", 3}, {", ", 4}, {"? ", 2}, {"! ", 2},
	{"*", 3}, {"(", 4}, {")", 4}, {".", 4}, {":", 4}, {";", 4}, {",", 5}, {"`", 4}, {"_", 6}, {"/", 9}, {"=", 9}, {"|", 4},
}

// mostSeam is how long a part may be that is cut at mere blanks: parts of lines
// are short, and a long text that nobody translated is not worth the search.
const mostSeam = 100

// cuts are the places where s can be cut in two: at each mark outside quotes, the
// strongest first.
func (t *Tongue) cuts(s string) []cut {
	var all []cut
	plain := open(s)
	for i := 0; i < len(plain); i++ {
		if plain[i] == ' ' {
			if strings.HasPrefix(plain[i:], "  ") {
				n := len(plain[i:]) - len(strings.TrimLeft(plain[i:], " "))
				all = append(all, cut{i, s[i : i+n], 1})
				i += n - 1
				continue
			}
		}
		for _, sep := range seps {
			if strings.HasPrefix(plain[i:], sep.by) && (len(sep.by) > 1 || mark(plain, i)) {
				all = append(all, cut{i, sep.by, sep.cost})
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b cut) int { return a.cost - b.cost })
	return all
}

// seams are the mere blanks at which a part of a line is known to begin or to end.
func (t *Tongue) seams(s string) []cut {
	var all []cut
	plain := open(s)
	for i := range len(plain) {
		if plain[i] == ' ' && t.seam(plain, i) {
			all = append(all, cut{i, " ", 8})
		}
	}
	return all
}

// mark reports whether a single mark at i ends or begins a word: those inside a
// word belong to a name.
func mark(s string, i int) bool {
	switch s[i] {
	case '.', ':', ';', ',':
		return i == len(s)-1
	case '*', '`', '(', ')', '|':
		return true
	case '/', '=':
		return i > 0 && i < len(s)-1 && isLetter(rune(s[i-1])) && isLetter(rune(s[i+1])) && !strings.ContainsAny(s, ". ")
	}
	return i == 0 || i == len(s)-1 || s[i-1] == ' ' || s[i+1] == ' '
}

// seam reports whether a line may have been put together at the blank.
func (t *Tongue) seam(s string, i int) bool {
	after, _, _ := strings.Cut(s[i+1:], " ")
	before := s[strings.LastIndexByte(s[:i], ' ')+1 : i]
	return t.begins[strings.ToLower(after)] || t.ends[strings.ToLower(before)] || t.begins[strings.ToLower(strings.TrimRight(after, ".,:;)"))]
}

// wide are the marks as Chinese writes them.
var wide = map[string]string{
	". ": "。", "; ": "；", ": ": "：", ", ": "，", " (": "（", ") ": "）", "), ": "），", "? ": "？", "! ": "！",
	"(": "（", ")": "）", ".": "。", ":": "：", ";": "；", ",": "，",
}

// join puts two parts together; a mark between them is written as the letters
// beside it are.
func join(left, by, right string) string {
	w, found := wide[by]
	if !found || !written(left, by, right) {
		return left + by + right
	}
	return left + w + right
}

func written(left, by, right string) bool {
	if strings.Trim(left, " 0123456789") == "" && by == ". " {
		return false // it counts
	}
	l, _ := utf8.DecodeLastRuneInString(strings.TrimRight(left, "*`_"))
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(right, "*`_"))
	if strings.Contains(by, "(") { // both of a pair must be the same
		inside, _, _ := strings.Cut(right, ")")
		return strings.ContainsFunc(inside, han)
	}
	if strings.Contains(by, ")") {
		return strings.Contains(left, "（") && strings.Count(left, "（") > strings.Count(left, "）")
	}
	return han(l) || han(r)
}
