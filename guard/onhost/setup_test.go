package onhost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/answer"
	"vmqbot/guard"
	"vmqbot/ops"
)

// paper is a machine whose files are kept in memory and whose programs do what
// the test says.
type paper struct {
	files map[string]string
	ran   []string
	does  func(line string) answer.Answer
	full  string // a file that cannot be written
}

func newPaper() *paper {
	p := &paper{files: map[string]string{"./new": "PROGRAM"}}
	p.does = func(line string) answer.Answer {
		if strings.HasPrefix(line, "setsid") || strings.HasPrefix(line, "systemctl restart") {
			p.looks("cn-1", 1)
		}
		return answer.Answer{}
	}
	return p
}

// looks is what a guard that starts does first.
func (p *paper) looks(node string, pid int) {
	at := places(node)
	s := guard.State{Config: strings.TrimSpace(p.files[at.config]), Program: digest([]byte(p.files[at.program])), PID: pid, Began: time.Now(), Looked: time.Now(), Word: "attached", Why: "it has it"}
	text, _ := json.Marshal(s)
	p.files[at.state] = string(text)
}

func (p *paper) Dial(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("paper has no network")
}

func (p *paper) Run(_ context.Context, argv []string) (answer.Answer, error) {
	line := strings.Join(argv, " ")
	p.ran = append(p.ran, line)
	return p.does(line), nil
}

func (p *paper) ReadFile(name string) ([]byte, error) {
	text, ok := p.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

func (p *paper) WriteFile(name string, content []byte, _ fs.FileMode) error {
	if name == p.full {
		return errors.New("permission denied")
	}
	p.files[name] = string(content)
	return nil
}

func (p *paper) Remove(name string) error {
	delete(p.files, name)
	return nil
}

func (p *paper) Stat(name string) (time.Time, error) {
	_, err := p.ReadFile(name)
	return time.Now(), err
}

func (p *paper) process(out *bytes.Buffer) Process {
	return Process{Machine: p, Self: "./new", PID: 7, Version: "v1", Out: out, Err: out}
}

func TestSetup(t *testing.T) {
	for name, sign := range map[string]string{"systemd": "/run/systemd/system", "a process": ""} {
		t.Run(name, func(t *testing.T) {
			p := newPaper()
			if sign != "" {
				p.files[sign] = ""
			}
			var out bytes.Buffer
			if err := Do(t.Context(), p.process(&out), []string{"setup", config.Text()}); err != nil {
				t.Fatal(err)
			}
			at := places("cn-1")
			if p.files[at.program] != "PROGRAM" || strings.TrimSpace(p.files[at.config]) != config.Text() {
				t.Errorf("it left %v", p.files)
			}
			if _, still := p.files["./new"]; still {
				t.Error("what was shipped is still there")
			}
			if _, unit := p.files[at.unit]; unit != (sign != "") {
				t.Errorf("a unit: %t", unit)
			}
			if s, err := guard.ParseState(out.Bytes()); err != nil || !strings.Contains(s.Manager, name) {
				t.Errorf("it said %s (%v)", out.String(), err)
			}
			if err := Do(t.Context(), p.process(&out), []string{"teardown", "cn-1"}); err != nil {
				t.Fatal(err)
			}
			for file := range p.files {
				if strings.Contains(file, "cn-1") {
					t.Errorf("%s stays", file)
				}
			}
		})
	}
}

// A setup that fails leaves what was there, running as before; where there was
// nothing, nothing stays.
func TestSetupFails(t *testing.T) {
	at := places("cn-1")
	for _, before := range []bool{false, true} {
		p := newPaper()
		old := config
		old.Grace = time.Minute
		if before {
			p.files[at.program], p.files[at.config] = "OLD", old.Text()
		}
		starts := p.does
		p.does = func(line string) answer.Answer {
			if strings.HasPrefix(line, "setsid") && p.files[at.program] == "PROGRAM" {
				return answer.Answer{Exit: 1, Stderr: "cannot execute"}
			}
			return starts(line)
		}
		err := setup(t.Context(), p.process(&bytes.Buffer{}), config)
		if err == nil || !strings.Contains(err.Error(), "cannot execute") {
			t.Fatalf("before %t: %v", before, err)
		}
		if before && (p.files[at.program] != "OLD" || strings.TrimSpace(p.files[at.config]) != old.Text()) {
			t.Errorf("it left %v", p.files)
		}
		if _, there := p.files[at.program]; !before && there {
			t.Errorf("it left %v", p.files)
		}
	}
}

func TestSetupWithoutRoot(t *testing.T) {
	p := newPaper()
	p.full = places("cn-1").program
	err := setup(t.Context(), p.process(&bytes.Buffer{}), config)
	if err == nil || !strings.Contains(err.Error(), "needs root") {
		t.Error(err)
	}
}

func TestWrongWords(t *testing.T) {
	for _, words := range [][]string{nil, {"run"}, {"run", "--config"}, {"setup", "{}"}, {"teardown", "../x"}, {"state", "a b"}, {"dance", "cn-1"}, {"state", "cn-1", "more"}} {
		var out bytes.Buffer
		if err := Do(t.Context(), newPaper().process(&out), words); ops.CodeOf(err) != ops.Invalid {
			t.Errorf("%q: %v", words, err)
		}
	}
}

// A guard that was set up and has never run says so.
func TestStateBeforeTheFirstLook(t *testing.T) {
	p := newPaper()
	p.files[places("cn-1").config] = config.Text()
	s, err := state(t.Context(), p, "cn-1")
	if err != nil || s.Runs || s.Config != config.Text() {
		t.Errorf("%+v, %v", s, err)
	}
	p.files[places("cn-1").state] = `{"config":`
	if _, err := state(t.Context(), p, "cn-1"); err == nil {
		t.Error("a state that was cut was taken for one")
	}
}

// The process that wrote the state may be another one's by now.
func TestWhoRuns(t *testing.T) {
	p := newPaper()
	last := guard.State{PID: 99}
	for words, want := range map[string]bool{
		places("cn-1").program + "\x00guard\x00run\x00": true,
		places("cn-2").program + "\x00guard\x00run\x00": false,
		"nginx\x00": false,
	} {
		p.files["/proc/99/cmdline"] = words
		if runs, err := (plain{p}).Runs(t.Context(), "cn-1", last); err != nil || runs != want {
			t.Errorf("%q: %t, %v", words, runs, err)
		}
	}
}

// systemd itself takes the unit.
func TestTheUnit(t *testing.T) {
	const verifier = "systemd-analyze"
	if _, err := exec.LookPath(verifier); err != nil {
		t.Fatalf("%v: apt-get install systemd", err)
	}
	dir := t.TempDir()
	text := unit(config)
	program := filepath.Join(dir, "guard-cn-1")
	if !strings.Contains(text, "ExecStart="+places("cn-1").program+" guard run --config "+places("cn-1").config+"\n") {
		t.Fatalf("the unit starts something else:\n%s", text)
	}
	text = strings.ReplaceAll(text, places("cn-1").program, program)
	verify := func(text string) ([]byte, error) {
		file := filepath.Join(dir, "vmqbot-guard-cn-1.service")
		if err := errors.Join(os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil { //nolint:gosec // it must be executable
			t.Fatal(err)
		}
		return exec.CommandContext(t.Context(), verifier, "verify", "--man=no", file).CombinedOutput()
	}
	if out, err := verify(text); err != nil || strings.Contains(string(out), "vmqbot-guard") {
		t.Errorf("%v\n%s\n%s", err, out, text)
	}
	if out, err := verify(strings.Replace(text, "Restart=", "Restrat=", 1)); err == nil && !strings.Contains(string(out), "Restrat") {
		t.Error("the test cannot fail: a wrong key passes")
	}
}
