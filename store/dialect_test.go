package store_test

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"vmqbot/ops"
	"vmqbot/store"
)

// elsewhere opens a store on another database than SQLite, by the path that it
// would have: one path, one database. nil is SQLite.
var elsewhere func(t testing.TB, path string, clock ops.Clock) *store.Store

// inPostgres are the migrations in PostgreSQL's words: BIGINT for INTEGER, no
// STRICT, and the triggers of the audit written anew.
func inPostgres(t *testing.T) fstest.MapFS {
	t.Helper()
	dir, err := store.Migrations()
	must(t, err)
	names, err := fs.Glob(dir, "*.sql")
	must(t, err)
	said := fstest.MapFS{}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		must(t, err)
		if own, err := os.ReadFile(filepath.Join("testdata/postgres", name)); err == nil {
			text = own
		}
		said[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(" INTEGER ", " BIGINT ", ") STRICT;", ");").Replace(string(text)))}
	}
	return said
}

// TestPostgreSQLServesTheStore: every table and index is made there by the
// migrations, up and down, and the tests of what the store promises pass on it.
func TestPostgreSQLServesTheStore(t *testing.T) {
	pg := startPostgres(t)
	like := pg.create(t, "")
	db := pg.pool(t, like, 1)
	m, err := goose.NewProvider(goose.DialectPostgres, db, inPostgres(t), goose.WithDisableGlobalRegistry(true))
	must(t, err)
	for range 2 {
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, want := objects(t, db, `SELECT 'table ' || table_name || ' ' || column_name FROM information_schema.columns WHERE table_schema = 'public'
			UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%\_pkey' AND indexname NOT LIKE '%\_key'`), inSQLite(t); !slices.Equal(got, want) {
			t.Fatalf("PostgreSQL has\n%s\nSQLite has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if _, err := m.DownTo(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO event VALUES (1, '', 0, '', '', '', 'x', 'y')`); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{`UPDATE event SET detail = 'x'`, `DELETE FROM event`} {
		if _, err := db.ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "the audit is never rewritten") {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := db.ExecContext(t.Context(), `TRUNCATE event`); err != nil {
		t.Fatal(err)
	}
	must(t, db.Close()) // nobody may be in what is copied

	databases := map[string]string{}
	elsewhere = func(t testing.TB, path string, clock ops.Clock) *store.Store {
		if databases[path] == "" {
			databases[path] = pg.create(t, like)
		}
		return store.On(pg.pool(t, databases[path], 1), pg.pool(t, databases[path], 4), clock)
	}
	defer func() { elsewhere = nil }()
	for name, promise := range promises {
		t.Run(name, promise)
	}
	t.Run("WritersDoNotForkTheChain", doNotFork)
}

// promises are the tests of the store that look at it through its own methods.
// The others are of the file: who may read it, what damages it, how it is opened,
// and that its one writer waits (see doNotFork). A hundred random histories of
// leases are enough on one database.
var promises = map[string]func(*testing.T){
	"TestATurnIsKeptWhole": TestATurnIsKeptWhole, "TestTheOutboxRemembersWhereMessagesStand": TestTheOutboxRemembersWhereMessagesStand,
	"TestWishesStayInTheirOrder": TestWishesStayInTheirOrder, "TestEachDoorHearsAtItsOwnPace": TestEachDoorHearsAtItsOwnPace,
	"TestAnApprovalIsKeptWhole": TestAnApprovalIsKeptWhole, "TestWaitingApprovals": TestWaitingApprovals,
	"TestAHundredDecideAndOneWins": TestAHundredDecideAndOneWins, "TestAKeyIsClaimedOnceAnHour": TestAKeyIsClaimedOnceAnHour,
	"TestEventsAreReadNewestFirst": TestEventsAreReadNewestFirst, "TestTheChainOfAnHonestAudit": TestTheChainOfAnHonestAudit,
	"TestALeaseIsHeldByOne": TestALeaseIsHeldByOne, "TestAnExpiredLeaseGoesToAnother": TestAnExpiredLeaseGoesToAnother,
	"TestRenewalsKeepALease": TestRenewalsKeepALease, "TestReleaseTwiceIsFine": TestReleaseTwiceIsFine,
	"TestALeaseNeedsANameAHolderAndATime": TestALeaseNeedsANameAHolderAndATime, "TestTwoHandlesOneWinner": TestTwoHandlesOneWinner,
	"TestAnOperationIsRememberedWhole":  TestAnOperationIsRememberedWhole,
	"TestStepsAreWrittenBeforeAndAfter": TestStepsAreWrittenBeforeAndAfter, "TestHistoryIsNewestFirst": TestHistoryIsNewestFirst,
	"TestCancel": TestCancel, "TestTheFirstWhoCancelsIsRemembered": TestTheFirstWhoCancelsIsRemembered,
	"TestOutputOfToolsIsKept": TestOutputOfToolsIsKept, "TestACancelledContextWritesNothing": TestACancelledContextWritesNothing,
}

// doNotFork: SQLite has one writer, who waits; PostgreSQL has many, and of two
// that add the same line the second is refused. The chain stays whole either way.
// A store for it would take a lock at the start of change.
func doNotFork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	handles := []*store.Store{open(t, path, newClock()), open(t, path, newClock())}
	var kept atomic.Int64
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 10 {
				if err := handles[i%2].Append(t.Context(), ops.AuditEvent{Detail: "x"}); err == nil {
					kept.Add(1)
				} else if !strings.Contains(err.Error(), "duplicate key") {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := handles[0].VerifyChain(t.Context()); n != kept.Load() || n < 10 || err != nil {
		t.Errorf("%d lines of %d that were kept, %v", n, kept.Load(), err)
	}
}

// inSQLite are the tables, columns and indexes that Open makes.
func inSQLite(t *testing.T) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s, err := store.Open(t.Context(), path, newClock())
	must(t, err)
	must(t, s.Close())
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	defer db.Close() //nolint:errcheck // it was read
	return objects(t, db, `SELECT 'table ' || m.name || ' ' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
		UNION SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'`)
}

func objects(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close() //nolint:errcheck // rows.Err below has the reason
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		all = append(all, one)
	}
	must(t, rows.Err())
	slices.Sort(all)
	return all
}
