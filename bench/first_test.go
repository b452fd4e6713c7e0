//go:build bench

package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/bot/slackworld/person"
)

// TestFirstAnswer takes README's first command in a clean clone, what it builds
// included, to the first answer that a person reads on the page: with the modules and
// local-slack there, once with what was built before and once with nothing built. It
// needs no lab, and port 3000, for it is typed as it stands:
//
//	go test -tags bench -count=1 -v -timeout 30m -run TestFirstAnswer ./bench
func TestFirstAnswer(t *testing.T) {
	for name, cache := range map[string]string{"what was built is there": "", "nothing was built": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			load, err := os.ReadFile("/proc/loadavg")
			if err != nil {
				t.Fatal(err)
			}
			clone := filepath.Join(t.TempDir(), "vmqbot")
			run(t, nil, "git", "clone", "--quiet", "..", clone)
			began := time.Now()
			url, built := typesDemo(t, clone, cache)
			page := time.Since(began)
			b := person.New(t, url, "")
			b.Sees("Welcome.")
			b.As("U0BOB")
			b.Types("/vmq status")
			b.Sees("all is well on 4 nodes")
			fmt.Printf("make demo in a clean clone, %s: built after %.1f s, the page's address after %.1f s, the first answer on it after %.1f s, at a load of %s\n",
				name, built.Seconds(), page.Seconds(), time.Since(began).Seconds(), strings.Fields(string(load))[0])
		})
	}
}

// typesDemo types make demo, as the README says it, and returns the page's address and
// how long building took. The test's end is Ctrl-C.
func typesDemo(t *testing.T, clone, cache string) (url string, built time.Duration) {
	t.Helper()
	cmd := exec.Command("make", "demo")
	cmd.Dir, cmd.Env = clone, os.Environ()
	if cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+cache)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a terminal gives Ctrl-C to all of a line
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
		_ = cmd.Wait() // by a signal
	})
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if at, found := strings.CutPrefix(lines.Text(), "Open "); found {
			info, err := os.Stat(filepath.Join(clone, ".bin", "bot"))
			if err != nil {
				t.Fatal(err)
			}
			return at, info.ModTime().Sub(began)
		}
	}
	t.Fatalf("make demo named no page:\n%s", said.String())
	return "", 0
}
