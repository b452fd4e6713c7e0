package speech

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed zh.tsv
var zh string

// catalogs are the languages that there are, English aside.
var catalogs = map[string]string{"zh": zh}

// Tongue says English sentences in one language. A nil Tongue leaves them in
// English. It never changes once it is made, so everybody may ask it at once.
type Tongue struct {
	consts map[string]string  // what has no holes, as it stands
	forms  map[string][]*form // by the rarest of their words
	loose  []*form            // those without a word of their own
	begins map[string]bool    // words at which a form that continues a line begins
	ends   map[string]bool    // and ends
}

// Languages are the names that [In] knows, sorted.
func Languages() []string {
	all := []string{"en"}
	for name := range catalogs {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

var chinese = sync.OnceValues(func() (*Tongue, error) { return Read(zh) })

// In returns the tongue of a language: nil for English and for one that has no
// catalog. The catalogs are part of the program, and a test reads each.
func In(lang string) *Tongue {
	if lang != "zh" {
		return nil
	}
	t, err := chinese()
	if err != nil {
		panic("speech: " + err.Error())
	}
	return t
}

// Entry is one line of a catalog.
type Entry struct {
	Line    int
	English string // the form, as Forms makes it of what stands in the source
	Other   string
}

// Entries takes a catalog apart: one entry a line, English, a tab and the
// translation; # begins a comment.
func Entries(catalog string) ([]Entry, error) {
	var all []Entry
	n := 0
	for line := range strings.Lines(catalog) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "# ") || line == "#" {
			continue
		}
		english, other, found := strings.Cut(line, "\t")
		if !found || english == "" || other == "" || strings.Contains(other, "\t") {
			return nil, fmt.Errorf("line %d is not English, one tab and a translation: %s", n, line)
		}
		all = append(all, Entry{Line: n, English: english, Other: other})
	}
	return all, nil
}

// Read makes a tongue of a catalog.
func Read(catalog string) (*Tongue, error) {
	entries, err := Entries(catalog)
	if err != nil {
		return nil, err
	}
	t := &Tongue{consts: map[string]string{}, forms: map[string][]*form{}, begins: map[string]bool{}, ends: map[string]bool{}}
	var forms []*form
	often := map[string]int{}
	for _, e := range entries {
		f, err := compile(e.English, e.Other)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", e.Line, err)
		}
		if len(f.holes) == 0 {
			t.addConst(f.lits[0], f.said[0].text)
			continue
		}
		forms = append(forms, f)
		if bare := f.bare(); bare != nil && f.weight >= fewLetters {
			forms = append(forms, bare)
		}
	}
	for i, f := range forms {
		f.number = i
		for _, w := range f.words {
			often[w]++
		}
	}
	for _, f := range forms {
		t.index(f, often)
	}
	return t, nil
}

func (t *Tongue) addConst(english, other string) {
	t.consts[english] = other
	if bare, stop := strings.CutSuffix(english, "."); stop {
		t.consts[bare] = strings.TrimSuffix(other, "。")
	}
	t.edges(english, english)
}

// bare is a sentence without its full stop, as it stands inside another one.
func (f *form) bare() *form {
	last := len(f.lits) - 1
	lit, stop := strings.CutSuffix(f.lits[last], ".")
	if !stop {
		return nil
	}
	b := *f
	b.lits, b.said = slices.Clone(f.lits), slices.Clone(f.said)
	b.lits[last] = lit
	if end := &b.said[len(b.said)-1]; end.arg < 0 {
		end.text = strings.TrimSuffix(end.text, "。")
	}
	return &b
}

// index files a form under its rarest word.
func (t *Tongue) index(f *form, often map[string]int) {
	t.edges(f.lits[0], f.lits[len(f.lits)-1])
	if len(f.words) == 0 {
		t.loose = append(t.loose, f)
		return
	}
	rarest := slices.MinFunc(f.words, func(a, b string) int { return often[a] - often[b] })
	t.forms[rarest] = append(t.forms[rarest], f)
}

// edges notes where a line can be cut at a mere blank: programs put a line
// together from parts.
func (t *Tongue) edges(first, last string) {
	if w := strings.Fields(first); len(w) > 0 {
		t.begins[strings.ToLower(w[0])] = true
	}
	if w := strings.Fields(last); len(w) > 0 {
		t.ends[strings.ToLower(w[len(w)-1])] = true
	}
}
