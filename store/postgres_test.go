package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of these tests
)

// postgres is a server of the test's own, on a socket in a folder of its own.
type postgres struct {
	dir  string
	made atomic.Int32 // databases
}

// startPostgres runs Debian's server as somebody who is not root, which it
// refuses to be. It is stopped, and its folder removed, at the test's end.
func startPostgres(t *testing.T) *postgres {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg") // t.TempDir is root's alone, and too long for a socket's name
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	as := unprivileged(t, dir)
	data := filepath.Join(dir, "data")
	initdb := program(t, as, "initdb", "--pgdata", data, "--username", "vmqbot", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := program(t, as, "postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "log_destination=stderr", "-c", "logging_collector=off")
	errs, err := server.StderrPipe()
	must(t, err)
	must(t, server.Start())
	ready, log := make(chan bool, 1), &strings.Builder{}
	ended := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(errs)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "ready to accept connections") {
				ready <- true
			} else if len(ready) == 0 {
				fmt.Fprintln(log, lines.Text())
			}
		}
		_, _ = io.Copy(io.Discard, errs)
		ended <- server.Wait()
	}()
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT) // a fast shutdown; it may have ended
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("PostgreSQL ended with %v", err)
			}
		case <-time.After(time.Minute):
			_ = server.Process.Kill()
			t.Errorf("PostgreSQL did not stop and was killed: %v", <-ended)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- err
		t.Fatalf("PostgreSQL ended: %v\n%s", err, log)
	case <-time.After(time.Minute):
		t.Fatal("PostgreSQL was not ready within a minute")
	}
	return &postgres{dir: dir}
}

// unprivileged gives the folder to whoever is to run the server: ourselves,
// unless that is root.
func unprivileged(t *testing.T, dir string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	must(t, err)
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	must(t, uidErr)
	must(t, gidErr)
	must(t, os.Chown(dir, int(uid), int(gid)))
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// program is one of PostgreSQL's, which Debian keeps off the path.
func program(t *testing.T, as *syscall.Credential, name string, args ...string) *exec.Cmd {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		t.Fatalf("this machine has no %s of PostgreSQL: make prerequisites installs it (%v)", name, err)
	}
	cmd := exec.Command(slices.Max(found), args...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	return cmd
}

// pool opens a database; "" is the one that is there from the start.
func (p *postgres) pool(t testing.TB, name string, most int) *sql.DB {
	t.Helper()
	if name == "" {
		name = "postgres"
	}
	db, err := sql.Open("pgx", fmt.Sprintf("host=%s user=vmqbot dbname=%s", p.dir, name))
	must(t, err)
	db.SetMaxOpenConns(most)
	t.Cleanup(func() { _ = db.Close() }) // again after the store's own
	return db
}

// create makes a database like another, "" like an empty one.
func (p *postgres) create(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("vmqbot%d", p.made.Add(1))
	text := "CREATE DATABASE " + name
	if like != "" {
		text += " TEMPLATE " + like
	}
	_, err := p.pool(t, "", 1).ExecContext(context.WithoutCancel(t.Context()), text)
	must(t, err)
	return name
}
