package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vmqbot/ops"
	"vmqbot/store"
)

func writeAudit(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for i := range n {
		must(t, s.Append(t.Context(), ops.AuditEvent{
			Op: "4f2a91", At: noon, Actor: "terminal:ana", Type: "step", Detail: fmt.Sprintf("step %d", i+1),
		}))
	}
}

func TestTheChainOfAnHonestAudit(t *testing.T) {
	s, clock := fresh(t)
	if n, err := s.VerifyChain(t.Context()); n != 0 || err != nil {
		t.Errorf("an empty audit: %d, %v", n, err)
	}
	if seq, hash, err := s.Head(t.Context()); seq != 0 || hash != "" || err != nil {
		t.Errorf("an empty audit ends at %d %q, %v", seq, hash, err)
	}
	writeAudit(t, s, 4)
	// What the caller puts into the store's own fields is not believed.
	must(t, s.Append(t.Context(), ops.AuditEvent{Seq: 99, PrevHash: "x", Hash: "y", Detail: "NUL \x00 and \xff"}))
	clock.turn(1)
	if n, err := s.VerifyChain(t.Context()); n != 5 || err != nil {
		t.Errorf("five lines: %d, %v", n, err)
	}
	seq, hash, err := s.Head(t.Context())
	if seq != 5 || len(hash) != 64 || err != nil {
		t.Errorf("it ends at %d %q, %v", seq, hash, err)
	}
}

// TestTampering changes the file behind the store's back, as somebody who
// knows SQL would, and reads the sentence that `bot audit verify` prints.
func TestTampering(t *testing.T) {
	for name, row := range map[string]struct {
		sql   string
		lines int64
		want  string // "" when it leaves no trace
	}{
		"a detail is edited": {`UPDATE event SET detail = 'harmless' WHERE seq = 3`, 2,
			"Line 3 of the audit in %s was changed after it was written; compare the file with a backup."},
		"an actor is edited": {`UPDATE event SET actor = 'terminal:eve' WHERE seq = 1`, 0,
			"Line 1 of the audit in %s was changed after it was written; compare the file with a backup."},
		"a time is edited": {`UPDATE event SET at = at + 1 WHERE seq = 6`, 5,
			"Line 6 of the audit in %s was changed after it was written; compare the file with a backup."},
		"text moves to the next field": {`UPDATE event SET actor = 'terminal:anas', type = 'tep' WHERE seq = 2`, 1,
			"Line 2 of the audit in %s was changed after it was written; compare the file with a backup."},
		"a hash is edited": {`UPDATE event SET hash = 'ff' WHERE seq = 4`, 3,
			"Line 4 of the audit in %s was changed after it was written; compare the file with a backup."},
		"a link is edited": {`UPDATE event SET prev_hash = 'ff' WHERE seq = 4`, 3,
			"Line 4 of the audit in %s does not follow line 3: one of them was changed after it was written; compare the file with a backup."},
		"a line is removed": {`DELETE FROM event WHERE seq = 2`, 1,
			"The audit in %s has lost line 2: line 3 comes after line 1; compare the file with a backup."},
		"the first line is removed": {`DELETE FROM event WHERE seq = 1`, 0,
			"The audit in %s has lost line 1: line 2 comes after line 0; compare the file with a backup."},
		"a line is removed and the rest renumbered": {
			`DELETE FROM event WHERE seq = 2; UPDATE event SET seq = seq - 1 WHERE seq > 2`, 1,
			"Line 2 of the audit in %s does not follow line 1: one of them was changed after it was written; compare the file with a backup."},
		"two lines change places": {
			`UPDATE event SET seq = 100 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 100`, 1,
			"Line 2 of the audit in %s does not follow line 1: one of them was changed after it was written; compare the file with a backup."},
		"the tail is cut off": {`DELETE FROM event WHERE seq > 4`, 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "vmqbot.db")
			s := open(t, path, newClock())
			writeAudit(t, s, 6)
			before, head, err := s.Head(t.Context())
			must(t, err)
			tamper(t, path, `DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted; `+row.sql)

			n, err := s.VerifyChain(t.Context())
			if n != row.lines {
				t.Errorf("%d lines are sound, want %d", n, row.lines)
			}
			if row.want != "" {
				says(t, err, ops.Failed, fmt.Sprintf(row.want, path))
				return
			}
			after, now, headErr := s.Head(t.Context())
			if err != nil || headErr != nil || after == before || now == head {
				t.Errorf("only the head can tell, and it says %d %s, %v, %v", after, now, err, headErr)
			}
		})
	}
}

// tamper runs SQL on the file itself.
func tamper(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), query)
	must(t, err)
	must(t, db.Close())
}

func TestTheAuditIsAppendOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	writeAudit(t, s, 2)
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	for _, query := range []string{`UPDATE event SET detail = 'x'`, `DELETE FROM event`} {
		if _, err := db.ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "the audit is never rewritten") {
			t.Errorf("%s: %v", query, err)
		}
	}
	must(t, db.Close())
}

// TestTwoHandlesOneChain: writers on two handles never fork it.
func TestTwoHandlesOneChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	handles := []*store.Store{open(t, path, newClock()), open(t, path, newClock())}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 10 {
				if err := handles[i%2].Append(t.Context(), ops.AuditEvent{Detail: fmt.Sprint(i, j)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := handles[0].VerifyChain(t.Context()); n != 40 || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
}
