package regions_test

import (
	"flag"
	"os"
	"testing"

	"vmqbot/regions"
)

var update = flag.Bool("update", false, "rewrite docs/fleet.md")

func TestDocument(t *testing.T) {
	const file = "../docs/fleet.md"
	if *update {
		if err := os.WriteFile(file, []byte(regions.Document()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != regions.Document() {
		t.Errorf("%s is not what the example says (%v); run make docs", file, err)
	}
}
