package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) {
	walls.Adapter(t, "github.com/pressly/goose/v3", "modernc.org/sqlite", "vmqbot/ops", "vmqbot/alerts")
}

// TestTheQueriesAreNoDialect: they stay what PostgreSQL understands too, and
// the time comes from the clock that all processes share.
func TestTheQueriesAreNoDialect(t *testing.T) {
	foreign := []string{
		"INSERT OR", "REPLACE INTO", "AUTOINCREMENT", "datetime(", "rowid", "IFNULL", "json_", "strftime", "VALUES (?", "time." + "Now",
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	read := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		read++
		src, err := os.ReadFile(f)
		must(t, err)
		for _, word := range foreign {
			if strings.Contains(string(src), word) {
				t.Errorf("%s says %s", f, word)
			}
		}
	}
	if read == 0 {
		t.Error("no file was read")
	}
}
