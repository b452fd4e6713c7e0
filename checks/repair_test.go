package checks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vmqbot/commands"
	"vmqbot/regions"
)

// repairs wants a line that a check gives for its repair to be one that the
// parser takes, of a verb that changes something.
func repairs(t *testing.T, f *regions.Fleet, line string) {
	t.Helper()
	c, req, err := commands.Parse(strings.Fields(line), f)
	if err != nil {
		t.Errorf("a check says to type %q: %v", line, err)
		return
	}
	if c.Plan == nil || len(req.Nodes) == 0 {
		t.Errorf("a check says to type %q, which changes nothing", line)
	}
}

var says = regexp.MustCompile(`repair\("([^"]+)"|(?:repair :?= |return )"((?:deploy|conf push|guard [a-z]+)\b[^"]*)"`)

// TestEveryRepairIsAVerb reads the checks' own source, so that no row of a
// table need be there for a verb that was renamed to be noticed. wellSaid holds
// what is put together at run time.
func TestEveryRepairIsAVerb(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range says.FindAllStringSubmatch(string(src), -1) {
			line := strings.ReplaceAll(m[1]+m[2], "%s", "cn-1")
			if strings.HasPrefix(line, "cn-1") { // the verb itself is a value: the second form finds it
				continue
			}
			if w := strings.Fields(line); !slices.Contains(w, "cn-1") && !slices.Contains(w, "all") {
				line += " cn-1" // the name is put behind it
			}
			found++
			repairs(t, newFleet(), line)
		}
	}
	if found < 20 {
		t.Errorf("only %d repairs were found: the pattern is out of date", found)
	}
}
