package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestSimOptions: what cannot be a fleet is told in one line, with the exit
// status of its kind, and makes nothing.
func TestSimOptions(t *testing.T) {
	w := newWorld(t)
	w.write("file", "x")
	for line, c := range map[string]struct {
		exit   int
		stderr string
	}{
		"":                         {2, "sim: name a folder of the fleet's own. Type: bot sim --dir D"},
		"--dir":                    {2, "sim: flag needs an argument: -dir"},
		"--dir DIR/f --nodes x":    {2, `sim: invalid value "x" for flag -nodes`},
		"--dir DIR/f --nodes -1":   {2, "-1 nodes: it can be 1 to 240"},
		"--dir DIR/f --nodes 241":  {2, "241 nodes: it can be 1 to 240"},
		"--dir DIR/f --pace slow":  {2, `sim: invalid value "slow" for flag -pace`},
		"--dir DIR/f --pace 0":     {2, "a pace of 0: it can be 0.001 to 10"},
		"--dir DIR/f --pace -1":    {2, "a pace of -1: it can be 0.001 to 10"},
		"--dir DIR/f --pace 11":    {2, "a pace of 11: it can be 0.001 to 10"},
		"--dir DIR/f --port x":     {2, `sim: invalid value "x" for flag -port`},
		"--dir DIR/f --port -1":    {2, "port -1: it can be 1 to 65055"},
		"--dir DIR/f --port 65056": {2, "port 65056: it can be 1 to 65055"},
		"--dir DIR/f --sport 3":    {2, "sim: flag provided but not defined: -sport"},
		"--dir DIR/file":           {2, "/file is a file: use a folder"},
		"--dir DIR/file/f":         {2, "/file is a file: use a folder"},
		"--dir DIR/f status":       {4, "No simulated fleet runs in "},
		"--dir DIR/f frobnicate":   {4, "No simulated fleet runs in "},
	} {
		args := append([]string{"sim"}, strings.Fields(strings.ReplaceAll(line, "DIR", w.dir))...)
		s := w.bot(args...)
		w.wants(s, c.exit, "", c.stderr)
		if strings.Count(s.stderr, "\n") != 1 {
			t.Errorf("%q is not told in one line: %q", line, s.stderr)
		}
	}
	if files := w.touched(); len(files) != 1 || filepath.Base(files[0]) != "file" {
		t.Errorf("these are there: %q", files)
	}
}

// runningSim is a `bot sim` that is ready.
type runningSim struct {
	*world
	folder string
	end    func() said
}

// sim starts a fleet as one types it and returns when it says ready.
func (w *world) sim(folder string, more ...string) runningSim {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	out, ready := io.Pipe()
	var stderr bytes.Buffer
	exit := make(chan int, 1)
	p := &process{args: append([]string{"sim", "--dir", folder}, more...), stdout: ready, stderr: &stderr, stdin: strings.NewReader(""), getenv: func(k string) string { return w.env[k] }}
	go func() {
		code := p.main(ctx)
		_ = ready.Close()
		exit <- code
	}()
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), "ready: ") {
		w.t.Fatalf("bot sim says %q %v, exit %d: %s", line[:n], err, <-exit, stderr.String())
	}
	end := func() said {
		cancel()
		_ = out.Close()
		return said{exit: <-exit}
	}
	w.t.Cleanup(func() { cancel() })
	return runningSim{w, folder, end}
}

// TestSimFolders: one fleet to a folder, and what an earlier one left is no
// fleet: neither its address, nor somebody else behind that address.
func TestSimFolders(t *testing.T) {
	w := newWorld(t)
	folder := filepath.Join(w.dir, "f")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	w.write("f/id_ed25519", "no key")
	s := w.bot("sim", "--dir", folder)
	w.wants(s, 1, "", "f/id_ed25519 is not a private key")
	w.wants(s, 1, "", "remove it and start again")
	if err := os.Remove(filepath.Join(folder, "id_ed25519")); err != nil {
		t.Fatal(err)
	}
	other := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go other.Serve(l)   //nolint:errcheck // ends with the test
	defer other.Close() //nolint:errcheck // nothing to lose
	for _, left := range []string{"", "garbage", `{"url":"http://127.0.0.1:1/do","token":"x","pid":1}`, `{"url":"http://` + l.Addr().String() + `/do","token":"x","pid":1}`} {
		w.write("f/control.json", left)
		w.wants(w.bot("sim", "--dir", folder, "status"), 4, "", "No simulated fleet runs in "+folder+". Type: bot sim --dir "+folder)
	}
	first := w.sim(folder, "--pace", "0.1")
	w.wants(w.bot("sim", "--dir", folder), 3, "", "A simulated fleet runs in "+folder+" already")
	w.wants(w.bot("sim", "--dir", folder, "status"), 0, "has 10.0.0.1", "")
	w.wants(w.bot("sim", "--dir", folder, "frobnicate"), 2, "", `there is no verb "frobnicate"; type help`)
	w.wants(w.bot("sim", "--dir", folder, "exec", "cn", "sh", "-c", "exit 7"), 7, "", "")
	w.env["LANG"] = "zh_CN.UTF-8"
	w.wants(w.bot("sim", "--dir", folder, "status"), 0, "有 10.0.0.1", "")
	w.wants(w.bot("sim", "--dir", folder, "help"), 0, "写满某台主机的磁盘", "")
	w.wants(w.bot("sim", "--dir", folder, "frobnicate"), 2, "", `没有动词 "frobnicate"；请输入 help`)
	w.wants(w.bot("sim", "--dir", folder, "exec", "cn", "sh", "-c", "echo disk full"), 0, "disk full", "") // a program's own words
	delete(w.env, "LANG")
	w.fleetKeys(filepath.Join(folder, "fleet.yaml"))
	if s := first.end(); s.exit != 0 {
		t.Errorf("the end of bot sim: exit %d", s.exit)
	}
	w.wants(w.bot("sim", "--dir", folder, "status"), 4, "", "No simulated fleet runs in ")
}

// valueEnd is behind the value of YAML that begins at i.
func valueEnd(text []byte, i int) int {
	depth, quoted := 0, false
	for ; text[i] != '\n'; i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']' || c == ',') && depth == 0:
			return i
		case c == '}' || c == ']':
			depth--
		}
	}
	return i
}

// sentence is what is said of one thing that is wrong, with its place.
var sentence = regexp.MustCompile(`^(?:bot: )?/\S+/fleet\.yaml:\d+: [^\n]+\.$`)

// oneSentence reports whether what was said is one line, or as many as at most
// may be wrong: who misspells the name of a key has one that is unknown, and one
// that is missing.
func oneSentence(said string, most int) bool {
	lines := strings.Split(strings.TrimSuffix(said, "\n"), "\n")
	for _, l := range lines {
		if !sentence.MatchString(l) {
			return false
		}
	}
	return len(lines) <= most && strings.HasPrefix(said, "bot: ")
}

var key = regexp.MustCompile(`[A-Za-z_][\w.-]*: `)

// fleetKeys breaks each key of the fleet file of a simulated fleet in turn: its
// name, and its value. Each is refused with its line, before anything is done.
func (w *world) fleetKeys(path string) {
	w.t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	before := w.bot("run", "--config", path, "--", "status")
	w.wants(before, 0, "all is well", "")
	tried := 0
	for _, at := range key.FindAllIndex(whole, -1) {
		start := bytes.LastIndexByte(whole[:at[0]], '\n') + 1
		number := bytes.Count(whole[:at[0]], []byte("\n")) + 1
		line := string(whole[start : start+bytes.IndexByte(whole[start:], '\n')])
		name := strings.TrimSuffix(string(whole[at[0]:at[1]]), ": ")
		if strings.HasPrefix(line, "#") {
			continue
		}
		broken := map[string]string{"value": string(whole[:at[1]]) + "[[7]]" + string(whole[valueEnd(whole, at[1]):])}
		ownName := strings.HasPrefix(line, "      ") && strings.HasPrefix(strings.TrimSpace(line), name) // a node's
		inConf := !strings.HasPrefix(line, "    ") && strings.HasPrefix(line, "  ") && (strings.Contains(name, "_") || strings.Contains(name, "."))
		if !ownName && !inConf {
			broken["name"] = string(whole[:at[0]]) + "x" + string(whole[at[0]:])
		}
		for what, text := range broken {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				w.t.Fatal(err)
			}
			tried++
			s := w.bot("run", "--config", path, "--", "status")
			if s.exit != 2 || s.stdout != "" || !oneSentence(s.stderr, map[string]int{"value": 1, "name": 2}[what]) {
				w.t.Errorf("line %d, the %s of %s broken: exit %d, %q %q", number, what, name, s.exit, s.stdout, s.stderr)
			}
		}
	}
	if tried < 60 {
		w.t.Errorf("only %d keys were broken", tried)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// TestSimPortTaken: one line, exit status 2.
func TestSimPortTaken(t *testing.T) {
	w := newWorld(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing came
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if n, _ := strconv.Atoi(port); n > 65055 {
		t.Fatalf("the system gave port %d, which is too high for a fleet: net.ipv4.ip_local_port_range is not as it comes", n)
	}
	s := w.bot("sim", "--dir", filepath.Join(w.dir, "f"), "--port", port)
	w.wants(s, 2, "", "port "+port+" of this machine is taken. Type: bot sim --dir D")
	if strings.Count(s.stderr, "\n") != 1 {
		t.Errorf("not one line: %q", s.stderr)
	}
}
