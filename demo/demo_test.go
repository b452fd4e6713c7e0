package demo_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/bot/slackworld/person"
)

var screenshots = flag.String("screenshots", "", "folder for the browser's pictures; none are kept by default")

// patience is how long something that is sure to come is awaited on a machine
// that is busy with other things.
const patience = 3 * time.Minute

var (
	build    sync.Once
	builtDir string
	buildErr error
)

// built is the program as a newcomer builds it, linked once.
func built(t *testing.T) string {
	t.Helper()
	build.Do(func() {
		if builtDir, buildErr = os.MkdirTemp("", "vmqbot-demo-test-"); buildErr != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", filepath.Join(builtDir, "bot"), "vmqbot/cmd/bot").CombinedOutput(); err != nil {
			buildErr = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return filepath.Join(builtDir, "bot")
}

// TestMain removes what was built.
func TestMain(m *testing.M) {
	exit := m.Run()
	if builtDir != "" {
		_ = os.RemoveAll(builtDir)
	}
	os.Exit(exit)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number was wanted
	return l.Addr().(*net.TCPAddr).Port
}

// TestTheDemo is a newcomer's ten minutes: the command, the page, a look, a
// deploy with the consent of somebody else, a bad night and its end. Ctrl-C
// leaves nothing.
func TestTheDemo(t *testing.T) {
	t.Parallel() // both demos wait for brokers and for the watch
	bot, port, temp := built(t), freePort(t), t.TempDir()
	cmd := exec.Command(bot, "demo", "--port", strconv.Itoa(port))
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	t.Cleanup(func() {
		if !ended {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}
		if t.Failed() {
			t.Logf("bot demo:\n%s%s", out.String(), errs.String())
		}
	})
	b := browse(t, "http://localhost:"+strconv.Itoa(port))
	b.Sees("Welcome.")
	b.As("U0BOB")
	b.Types("/vmq status")
	b.Sees("all is well on 4 nodes")
	t.Logf("the first answer stood on the page %s after the command", time.Since(began).Round(100*time.Millisecond))

	b.Types("/vmq deploy eu")
	b.As("U0SUE")
	b.Presses("Approve")
	b.Waits(`[...document.querySelectorAll('.messages')].some(e => /done after[^]*approved by/.test(e.innerText))`)

	b.As("U0BOB")
	b.Types("/vmq demo break cn")
	b.Presses("Run it")
	b.Presses("Graph") // while it fires
	b.Sees("ip in cn")
	b.Keeps("demo")
	b.Sees("Resolved: ip in cn")

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	ended = true
	if err != nil || errs.Len() > 0 {
		t.Errorf("%v\n%s", err, errs.String())
	}
	if left, err := filepath.Glob(filepath.Join(temp, "vmqbot-demo-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	if c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
		_ = c.Close()
		t.Error("the page still listens")
	}
}

// TestTheDemoCannotBegin: each reason is one sentence, with what to type.
func TestTheDemoCannotBegin(t *testing.T) {
	bot := built(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // the end of the test
	port := taken.Addr().(*net.TCPAddr).Port
	empty := t.TempDir()
	npm := func(script string) string {
		fake := filepath.Join(t.TempDir(), "npm")
		if err := os.WriteFile(fake, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
		return filepath.Dir(fake) + ":/usr/bin:/bin"
	}
	for _, c := range []struct {
		name string
		args []string
		env  []string
		exit int
		says string
	}{
		{"a word", []string{"now"}, nil, 2, "demo takes the port of its page, 1 to 65535, and --terminal, and nothing else. Type: bot demo [--port N] [--terminal]"},
		{"no port", []string{"--port", "70000"}, nil, 2, "1 to 65535"},
		{"port taken", []string{"--port", strconv.Itoa(port)}, nil, 2, fmt.Sprintf("Port %d, the page's, cannot be listened on: bind: address already in use. Type: bot demo --port %d", port, port+1)},
		{"LOCAL_SLACK is wrong", nil, []string{"LOCAL_SLACK=/nowhere"}, 2, "LOCAL_SLACK names no program: stat /nowhere: no such file or directory. Type: bot demo --terminal"},
		{"no Node", nil, []string{"PATH=" + empty, "XDG_CACHE_HOME=" + empty}, 1, "npm is not installed, and local-slack, the Slack of the demo, comes through it: install Node.js, or do without. Type: bot demo --terminal"},
		{"no network", nil, []string{"XDG_CACHE_HOME=" + empty, "PATH=" + npm("echo 'npm error code ENOTFOUND' >&2; exit 1")}, 1, "local-slack cannot be fetched from npm (npm error code ENOTFOUND). Type: bot demo --terminal"},
		{"another program", nil, []string{"XDG_CACHE_HOME=" + empty, "PATH=" + npm("mkdir -p package/bin; echo x >package/bin/local-slack; tar czf local-slack-linux-x64-0.1.8.tgz package")}, 1, "is not the one this program knows"},
	} {
		cmd := exec.Command(bot, append([]string{"demo"}, c.args...)...)
		cmd.Env = append(os.Environ(), c.env...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run() // its status is what counts
		said := strings.TrimPrefix(errs.String(), "Fetching local-slack 0.1.8 from npm, once.\n")
		if cmd.ProcessState.ExitCode() != c.exit || !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 || out.Len() > 0 {
			t.Errorf("%s: exit %d, %q, %q; want %d and %q", c.name, cmd.ProcessState.ExitCode(), out.String(), errs.String(), c.exit, c.says)
		}
	}
	if _, err := os.Stat(filepath.Join(empty, "vmqbot")); err == nil {
		t.Error("something was installed")
	}
}

// TestTheDemoInATerminal has the same fleet and verbs, and the one that breaks.
func TestTheDemoInATerminal(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	cmd := exec.Command(built(t), "demo", "--terminal")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	cmd.Stdin = strings.NewReader("status\n\n--yes demo break cn\nstatus cn\n--yes reattach cn\nstatus\nfrobnicate\nquit\nstatus\n")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
	}
	rest := out.String()
	for _, want := range []string{"all is well on 4 nodes", "Break cn: done", "cn-1 is bad", "Reattach cn: done", "all is well on 4 nodes"} {
		at := strings.Index(rest, want)
		if at < 0 {
			t.Fatalf("%q is not said in its turn:\n%s%s", want, out.String(), errs.String())
		}
		rest = rest[at+len(want):]
	}
	if strings.Contains(rest, "all is well") || !strings.Contains(errs.String(), "frobnicate") {
		t.Errorf("%s%s", out.String(), errs.String())
	}
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// browse waits until somebody listens there, and opens the page.
func browse(t *testing.T, page string) *person.Browser {
	t.Helper()
	at := strings.TrimPrefix(page, "http://localhost")
	for late := time.Now().Add(patience); ; {
		c, err := net.Dial("tcp", "127.0.0.1"+at)
		if err == nil {
			_ = c.Close()
			break
		}
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Now().After(late) {
			t.Fatal(err)
		}
		<-time.After(50 * time.Millisecond) // another process begins to listen: nothing tells
	}
	return person.New(t, page, *screenshots)
}
