package scripts

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/manual.md again")

// TestManual holds docs/manual.md against the scripts.
func TestManual(t *testing.T) {
	const file = "../docs/manual.md"
	want, err := Manual()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("docs/manual.md does not follow from the scripts any more (%v); type: make docs", err)
	}
}

// TestManualLines: what is typed is shown as one types it, and patterns as words.
func TestManualLines(t *testing.T) {
	for line, want := range map[string]string{
		"vmq --yes deploy cn --soak 0": "$ bot run --yes -- deploy cn --soak 0",
		"vmq":                          "$ bot run --",
		"! bot run --config $FLEET -- reattach cn":      "$ bot run -- reattach cn",
		"on cn docker ps --format '{{.Names}}'":         "root@cn# docker ps --format '{{.Names}}'",
		"status 4":                                      "  exit status 4",
		`stdout 'cn-1 is bad\.'`:                        "  cn-1 is bad.",
		`stdout 'type: +reattach \[cn-1\] .*x [0-9]+$'`: "  type: reattach [cn-1] ...x ...$",
		"! stdout .":                                    "  (nothing)",
		"message us cn":                                 "# a message from us to cn arrives",
		"! message us cn":                               "# a message from us to cn is lost",
		"bg-vmq ana --yes reattach cn":                  "ana$ bot run --yes -- reattach cn",
		"said ana 'undone: .*'":                         "# the bot of ana said: undone: ...",
	} {
		if got, err := spoken(line); got != want || err != nil {
			t.Errorf("%s\nis told %q (%v)\nwant    %q", line, got, err, want)
		}
	}
	if _, err := spoken("frobnicate cn"); err == nil || !strings.Contains(err.Error(), "add them to events") {
		t.Errorf("an unknown word is told: %v", err)
	}
}

// TestManualKnowsEveryWord of the language, so that a new script can use it.
func TestManualKnowsEveryWord(t *testing.T) {
	for word := range new(world).commands() {
		if _, err := spoken(word + " a b c d"); err != nil {
			t.Error(err)
		}
	}
}
