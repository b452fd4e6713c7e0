package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNobodyThere: hosts that cannot be seen are Unknown, and nothing is done
// to them.
func TestNobodyThere(t *testing.T) {
	w := newWorld(t)
	w.wants(w.run("help"), 0, "reattach TARGET", "")
	w.wants(w.run(), 0, "reattach TARGET", "")
	w.wants(w.run("help", "reattach"), 0, "reattach TARGET", "")
	w.wants(w.run("history"), 0, "Nothing was done yet.\n", "")
	w.wants(w.run("status"), 4, "cn-1", "")
	w.wants(w.run("diagnose", "cn-1"), 4, "connection refused", "")
	for _, verb := range []string{"peers", "cluster", "ping", "ps", "image list"} {
		s := w.run(verb)
		if s.exit != 4 || s.stdout == "" || s.stderr != "" {
			t.Errorf("%s: %+v", verb, s)
		}
	}
	for _, flags := range []string{"", "--yes", "--dry-run", "--yes --dry-run"} {
		args := append([]string{"run", "--config", w.fleet()}, strings.Fields(flags+" -- reattach cn")...)
		w.wants(w.bot(args...), 4, "", "bot: Nothing was done: cn-1 is not touched, because it cannot be seen")
	}
	w.wants(w.run("history"), 0, "Nothing was done yet.\n", "")
}

// TestCancel: consent first, and only of an operation that there is.
func TestCancel(t *testing.T) {
	w := newWorld(t)
	w.wants(w.run("cancel", "4f2a91"), 2, "", "bot: There is no operation 4f2a91 in this store. Type: bot run --config "+w.fleet()+" -- history")
	w.wants(w.run("history"), 0, "Nothing was done yet.\n", "")
	yes := w.bot("run", "--config", w.fleet(), "--yes", "--", "cancel", "4f2a91")
	w.wants(yes, 2, "", "There is no operation 4f2a91")
	dry := w.bot("run", "--config", w.fleet(), "--dry-run", "--", "cancel", "4f2a91")
	w.wants(dry, 2, "", "There is no operation 4f2a91")
}

// TestJSON: with --json, standard output is one JSON value, also of an error.
func TestJSON(t *testing.T) {
	for _, c := range []struct {
		words string
		exit  int
		code  string
	}{
		{"help", 0, ""}, {"history", 0, ""}, {"status", 4, ""}, {"diagnose", 4, ""},
		{"reattach cn", 4, "unseen"}, {"cancel 4f2a91", 2, "invalid"},
	} {
		w := newWorld(t)
		s := w.bot(append([]string{"run", "--config", w.fleet(), "--json", "--yes", "--"}, strings.Fields(c.words)...)...)
		var got struct {
			View, Plan, Operation any
			Error                 struct{ Code, Message string }
		}
		if err := oneJSON(s.stdout, &got); err != nil || s.exit != c.exit || got.Error.Code != c.code || (c.code == "") != (got.Error.Message == "") {
			t.Errorf("%s: exit %d, %v, %+v\n%s", c.words, s.exit, err, got, s.stdout)
		}
		if got.View == nil && got.Plan == nil && got.Error.Code == "" {
			t.Errorf("%s says nothing: %s", c.words, s.stdout)
		}
	}
}

// TestJSONOfWrongWords: what is wrong before anything is looked at is JSON too.
func TestJSONOfWrongWords(t *testing.T) {
	w := newWorld(t)
	for _, args := range [][]string{
		{"--config", "no/such.yaml", "--json", "--", "status"},
		{"--json", "--config", w.fleet(), "--", "frobnicate"},
		{"--json", "--config", w.fleet(), "--", "status", "us"},
		{"--json", "--bogus", "--", "status"},
		{"--bogus", "--json", "--", "status"},
		{"--lock-wait", "-1s", "--json", "--", "status"},
	} {
		s := w.bot(append([]string{"run"}, args...)...)
		var got struct {
			Error struct {
				Code, Message string
				TypeNext      string `json:"type_next"`
			}
		}
		if err := oneJSON(s.stdout, &got); err != nil || s.exit != 2 || got.Error.Code != "invalid" || got.Error.Message == "" || got.Error.TypeNext == "" || s.stderr != "" {
			t.Errorf("%q: %v, %+v", args, err, s)
		}
	}
	if files := w.touched(); files != nil {
		t.Errorf("these were made: %q", files)
	}
	if s := w.bot("run", "--config", w.fleet(), "--", "status", "--json"); s.stdout != "" {
		t.Errorf("a word of the verb is taken for an option of bot: %+v", s)
	}
}

// oneJSON reads exactly one JSON value.
func oneJSON(s string, v any) error {
	d := json.NewDecoder(strings.NewReader(s))
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return &json.SyntaxError{}
	}
	return nil
}

// TestStore: the journal is where the fleet file says, else where the user's
// state is, and private.
func TestStore(t *testing.T) {
	w := newWorld(t)
	w.wants(w.run("history"), 0, "Nothing", "")
	w.isPrivate(filepath.Join(w.dir, "home/.local/state/vmqbot/release.db"))

	w = newWorld(t)
	w.env["XDG_STATE_HOME"] = filepath.Join(w.dir, "xdg")
	w.wants(w.run("history"), 0, "Nothing", "")
	w.isPrivate(filepath.Join(w.dir, "xdg/vmqbot/release.db"))

	w = newWorld(t)
	w.fleet("cluster: release", "cluster: release\nstore: "+w.dir+"/journal/x.db")
	w.wants(w.run("history"), 0, "Nothing", "")
	w.isPrivate(filepath.Join(w.dir, "journal/x.db"))

	w = newWorld(t)
	w.fleet("cluster: release", "cluster: release\nstore: "+w.dir+"/key/x.db")
	w.wants(w.run("history"), 2, "", "key/x.db cannot be opened")
}

func (w *world) isPrivate(path string) {
	w.t.Helper()
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil || dir.Mode().Perm()&0o077 != 0 {
		w.t.Errorf("the folder of %s: %v, %v", path, dir, err)
	}
	if _, err := os.Stat(path); err != nil {
		w.t.Error(err)
	}
}

func TestHealthcheck(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.wants(w.bot("healthcheck", "--config", w.fleet()), 0, "ok\n", "")
	}
	db := filepath.Join(w.dir, "home/.local/state/vmqbot/release.db")
	for _, file := range []string{db, db + "-wal", db + "-shm"} {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(db, []byte(strings.Repeat("no database ", 999)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := w.bot("healthcheck", "--config", w.fleet()); s.exit == 0 || s.stdout != "" || !strings.HasPrefix(s.stderr, "bot: ") {
		t.Errorf("a journal that is no database: %+v", s)
	}
}

// TestReferences: secrets are resolved from the environment and from files
// beside the fleet file.
func TestReferences(t *testing.T) {
	w := newWorld(t)
	path := w.fleet("${env:MQTT_PASSWORD}", "${file:secrets/mqtt}")
	if err := os.Mkdir(filepath.Join(w.dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.write("secrets/mqtt", "hunter2\r\n")
	p := &process{getenv: func(k string) string { return w.env[k] }}
	f, err := p.loadFleet(path)
	if err != nil || f.MQTT.Password.Reveal() != "hunter2" {
		t.Errorf("%v", err)
	}
	resolve := p.resolver(w.dir)
	for ref, want := range map[[2]string]string{
		{"env", "MQTT_PASSWORD"}:                          "hunter2",
		{"file", "secrets/mqtt"}:                          "hunter2",
		{"file", filepath.Join(w.dir, "secrets", "mqtt")}: "hunter2",
		{"env", "NO_SUCH"}:                                "the environment variable NO_SUCH is not set",
		{"file", "no/such"}:                               "no such file or directory",
		{"vault", "x"}:                                    "write ${env:NAME} or ${file:PATH}",
	} {
		got, err := resolve(ref[0], ref[1])
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || (err == nil) != (want == "hunter2") {
			t.Errorf("%v is %q, %v, want %q", ref, got, err, want)
		}
	}
}

// TestInterrupted: a canceled context ends the program soon and not with 0.
func TestInterrupted(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := &process{args: []string{"run", "--config", w.fleet(), "--", "status"}, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(k string) string { return w.env[k] }}
	if exit := p.main(ctx); exit == 0 {
		t.Error("an interrupted look says that all is well")
	}
}
