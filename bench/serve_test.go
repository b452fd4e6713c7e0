//go:build bench

package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/demo"
)

// TestServeStarts takes how long `bot serve` needs from its start until /readyz says
// 200 (Slack is connected, every host of four regions has been looked at) and what it
// has in memory after a minute of watching, before local-slack and a simulated fleet
// in processes of their own. It needs no lab:
//
//	go test -tags bench -count=1 -v -run TestServeStarts ./bench
func TestServeStarts(t *testing.T) {
	bot, dir := build(t, "../cmd/bot"), t.TempDir()
	program, err := demo.Find(t.Context(), demo.Place{Getenv: os.Getenv, Platform: runtime.GOOS + "/" + runtime.GOARCH, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	page, err := demo.Open(t.Context(), program, t.TempDir(), unused(t))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close() //nolint:errcheck // it is ended
	config := servedFleet(t, bot, dir)
	starts := figure{}
	for round := range rounds {
		at := "127.0.0.1:" + strconv.Itoa(unused(t))
		cmd := exec.Command(bot, "serve", "--config", config, "--listen", at)
		cmd.Env = append(os.Environ(), "SLACK_API_URL="+page.API, "SLACK_BOT_TOKEN="+demo.BotToken, "SLACK_APP_TOKEN="+demo.AppToken, "XDG_STATE_HOME="+dir)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		served(t, "http://"+at+"/readyz")
		starts.ms = append(starts.ms, float64(time.Since(began))/1e6)
		if round == rounds-1 {
			mb := resident(t, cmd.Process.Pid)
			<-time.After(time.Minute) // that is what is measured
			fmt.Printf("bot serve, four regions: ready after %.0f ms (median of %d, %.0f at most); %.0f MB then, %.0f MB after a minute\n",
				starts.median(), rounds, slices.Max(starts.ms), mb, resident(t, cmd.Process.Pid))
		}
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// servedFleet runs a simulated fleet until the test ends, with the demo's people.
func servedFleet(t *testing.T, bot, dir string) string {
	t.Helper()
	simFleet(t, bot, dir, 0)
	text, err := os.ReadFile(filepath.Join(dir, "fleet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), "\nroles:")
	_, after, _ = strings.Cut(after, "\n")
	if !found {
		t.Fatal("the simulated fleet has no roles")
	}
	at := filepath.Join(dir, "served.yaml")
	write(t, at, before+"\n"+after+demo.FleetPart, 0o600)
	return at
}

// served asks until it is ready.
func served(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("not ready within a minute: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func unused(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its number was wanted
	return l.Addr().(*net.TCPAddr).Port
}
