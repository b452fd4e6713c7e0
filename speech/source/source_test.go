package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/checks"
	"vmqbot/commands"
	"vmqbot/regions"
	"vmqbot/speech"
)

const root = "../.."

// TestNoSentenceIsMissing holds every catalog against the source: each
// sentence has its entry, and each entry of two words stands in the source.
func TestNoSentenceIsMissing(t *testing.T) {
	all, err := Read(root, Rooms...)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2500 {
		t.Fatalf("%d sentences were found; there were 2 800", len(all))
	}
	said := map[string]bool{}
	for _, s := range all {
		said[s.Form] = true
	}
	for _, form := range Others {
		said[form] = true
	}
	for _, lang := range speech.Languages() {
		if lang == "en" {
			continue
		}
		lacking, err := Missing(root, lang, Rooms...)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range lacking {
			t.Errorf("%s: %q has no entry in speech/%s.tsv; go run ./speech/source/missing %[3]s prints all such lines", s.At, s.Form, lang)
		}
		for _, e := range entries(t, lang) {
			if twoWords.MatchString(e.English) && !said[e.English] && !word(t, e.English) {
				t.Errorf("%s.tsv:%d: no room says %q any more; take the line out", lang, e.Line, e.English)
			}
		}
	}
}

func entries(t *testing.T, lang string) []speech.Entry {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "speech", lang+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := speech.Entries(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// word reports an entry of a few letters that the rule takes for no sentence, as
// the states of operations: it stands in the source between quotation marks.
func word(t *testing.T, s string) bool {
	t.Helper()
	for _, room := range Rooms {
		files, err := filepath.Glob(filepath.Join(root, room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(src), `"`+s+`"`) {
				return true
			}
		}
	}
	return false
}

// TestEveryExemptionIsNeeded: a line of exempt.tsv that exempts nothing goes.
func TestEveryExemptionIsNeeded(t *testing.T) {
	defer func(was string) { exemptions = was }(exemptions)
	lines := strings.Split(strings.TrimRight(exemptions, "\n"), "\n")
	exemptions = ""
	whole, err := Read(root, Rooms...)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if strings.HasPrefix(line, "# A") {
			continue
		}
		if f := strings.Split(line, "\t"); len(f) != 3 || f[2] == "" {
			t.Errorf("exempt.tsv:%d is not a file, a form and a reason: %s", i+1, line)
			continue
		}
		exemptions = line + "\n"
		if !slices.ContainsFunc(whole, func(s Sentence) bool {
			_, out := exempt(s.At[:strings.LastIndexByte(s.At, ':')], s.Form)
			return out
		}) {
			t.Errorf("exempt.tsv:%d exempts nothing: %s", i+1, line)
		}
	}
}

// TestNames: what is typed keeps its name, so speech knows every verb and check,
// and the rule knows what a line to type begins with.
func TestNames(t *testing.T) {
	for _, c := range commands.All() {
		verb, _, _ := strings.Cut(c.Name, " ")
		if !slices.Contains(First, verb) {
			t.Errorf("the verb %s is not among First", verb)
		}
		if left := speech.Left(c.Name); len(left) > 0 && verb != "break" {
			t.Errorf("speech takes the verb %q for prose", left)
		}
	}
	for _, c := range checks.All() {
		if left := speech.Left(c.Name); len(left) > 0 {
			t.Errorf("speech takes the check %q for prose", left)
		}
	}
	if !slices.Equal(regions.Languages, speech.Languages()) {
		t.Errorf("a fleet file may say %v, and speech has %v", regions.Languages, speech.Languages())
	}
}
