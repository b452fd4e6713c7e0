package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the test changes the file behind the store's back
)

func TestAuditVerify(t *testing.T) {
	w := newWorld(t)
	w.wants(w.bot("audit"), 2, "", "audit knows the word verify only")
	w.wants(w.bot("audit", "verify", "x"), 2, "", `does not know what to do with "x"`)
	w.wants(w.bot("audit", "verify", "--config", w.fleet()), 0, "0 lines are as they were written; the last hash is none\n", "")
	w.wants(w.run("audit"), 0, "The audit holds no such line.\n", "")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.env["HOME"], ".local", "state", "vmqbot", "release.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `INSERT INTO event VALUES (1, '', 1, 'terminal:eve', 'finished', 'done', '', 'ff')`); err != nil {
		t.Fatal(err)
	}
	w.wants(w.bot("audit", "verify", "--config", w.fleet()), 1, "", "Line 1 of the audit in")
	w.wants(w.run("audit", "--op", "zz"), 2, "", "is no operation's identity")
	w.wants(w.run("audit"), 0, "terminal:eve", "")
}
