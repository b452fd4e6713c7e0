//go:build bench

package bench

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vmqbot/lab/traffic"
	labworld "vmqbot/lab/world"
)

// rolls is how often each side upgrades the fleet: once takes some six minutes
// with all that comes before and after.
var rolls = flag.Int("rolls", 1, "how often each side of the rolling deploy is taken")

// upgrade is one upgrade of the four regions and what its clients saw of it.
type upgrade struct {
	who string
	traffic.Counts
	took time.Duration
}

// TestRollingDeploy upgrades the lab's four regions to another image while a
// client connects and publishes QoS 1 every 100 ms for each pair of them: by the
// bot, and by the plain script of docker and weave commands, in turn. Each begins
// with a healthy fleet of the same image.
func TestRollingDeploy(t *testing.T) {
	const image = "airdroid/vernemq:2.1.3"
	lab := func(args ...string) { run(t, nil, append([]string{"../.bin/lab"}, args...)...) }
	deploy := func(args ...string) {
		run(t, []string{"XDG_STATE_HOME=" + t.TempDir()}, append([]string{"../.bin/bot", "run", "--config", "../lab/fleet.yaml", "--yes", "--", "deploy", "all"}, args...)...)
	}
	t.Cleanup(func() { lab("reset") })
	var all []upgrade
	for range *rolls {
		lab("reset")
		deploy("--soak", "0") // behind the gate, as a fleet that the bot made
		all = append(all, underTraffic(t, "deploy all", func() { deploy("--image", image, "--soak", "1") }))
		lab("reset")
		all = append(all, underTraffic(t, "a plain script of docker and weave commands", func() {
			run(t, []string{"LAB_STATE=../lab/.state"}, "../lab/traffic/peer.sh", image)
		}))
	}
	rolling(t, all)
}

// underTraffic does one upgrade between the first message of every pair and the
// last one's settling time.
func underTraffic(t *testing.T, who string, do func()) upgrade {
	t.Helper()
	var options traffic.Options
	for _, h := range labworld.Regions() {
		options.Regions = append(options.Regions, traffic.Region{Name: h.Name, Address: h.MQTT()})
	}
	flow, err := traffic.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	do()
	took := time.Since(begun)
	report, err := flow.Stop()
	if err != nil {
		t.Fatal(err)
	}
	return upgrade{who, report.Total, took}
}

// rolling prints the table and keeps it in bench/out, as the others are.
func rolling(t *testing.T, all []upgrade) {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprint(&b, "### Rolling deploy of four regions under traffic\n\n| who | time | connections | refused | acknowledged | of these lost | refused subscriptions | longest silence of a pair |\n|---|---|---|---|---|---|---|---|\n")
	for _, u := range all {
		fmt.Fprintf(&b, "| %s | %.0f s | %d | %d | %d | %d | %d | %.1f s |\n", u.who, u.took.Seconds(), u.Connects, u.Refused, u.Acknowledged, u.Lost, u.SubscribeFailures, float64(u.LongestGap)/1e3)
	}
	if err := os.MkdirAll("out", 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join("out", "rolling-deploy.md"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.MultiWriter(os.Stdout, out).Write(b.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
