package speech

import (
	"testing"
)

// TestTheCatalogCompiles: every entry prints the same arguments by the same verbs.
func TestTheCatalogCompiles(t *testing.T) {
	for lang, catalog := range catalogs {
		entries, err := Entries(catalog)
		if err != nil {
			t.Fatal(lang, err)
		}
		seen := map[string]int{}
		for _, e := range entries {
			if _, err := compile(e.English, e.Other); err != nil {
				t.Errorf("%s.tsv:%d: %v", lang, e.Line, err)
			}
			if at := seen[e.English]; at > 0 {
				t.Errorf("%s.tsv:%d: %q stands in line %d already", lang, e.Line, e.English, at)
			}
			seen[e.English] = e.Line
		}
		if len(entries) < 2000 {
			t.Errorf("%s has %d entries only", lang, len(entries))
		}
	}
}
