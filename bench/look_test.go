//go:build bench

package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// hosts are the lab's region hosts.
var hosts = []string{"10.78.0.11", "10.78.0.12", "10.78.0.13", "10.78.0.14"}

// TestLook looks at the four hosts of the lab: first and again inside one
// process, and with what people use instead, each for four hosts at once. The
// peers read one list of containers; a look reads all facts.
func TestLook(t *testing.T) {
	lookAt(t, "Look at four hosts", 0)
	lookAt(t, "Look at four hosts, 200 ms round trip", 100*time.Millisecond)
}

func lookAt(t *testing.T, title string, delay time.Duration) {
	fleet, ssh := world(t, delay)
	look := build(t, "./look")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ssh"), "#!/bin/sh\nexec /usr/bin/ssh -F "+ssh+" \"$@\"\n", 0o700)
	write(t, filepath.Join(dir, "sshmux"), "#!/bin/sh\nexec /usr/bin/ssh -F "+ssh+" -o ControlMaster=auto -o ControlPath="+dir+"/%C -o ControlPersist=60s \"$@\"\n", 0o700)
	fs := []figure{
		{name: "vmqbot, again inside one process"}, {name: "vmqbot, first look"},
		{name: "docker -H ssh:// ps"}, {name: "ssh HOST docker ps"}, {name: "ssh HOST docker ps, ControlMaster, warm"},
	}
	path := []string{"PATH=" + dir + ":" + os.Getenv("PATH")}
	for range rounds {
		out, _ := run(t, nil, look, "-config", fleet, "-looks", "3")
		var took []float64
		decode(t, out, &took)
		fs[1].ms = append(fs[1].ms, took[0])
		fs[0].ms = append(fs[0].ms, took[2])
		fs[2].ms = append(fs[2].ms, fourAtOnce(t, path, func(i int) []string { return []string{"docker", "-H", fmt.Sprintf("ssh://host%d", i), "ps"} }))
		fs[3].ms = append(fs[3].ms, fourAtOnce(t, nil, func(i int) []string {
			return []string{filepath.Join(dir, "ssh"), fmt.Sprintf("host%d", i), "docker ps"}
		}))
		mux := func(i int) []string {
			return []string{filepath.Join(dir, "sshmux"), fmt.Sprintf("host%d", i), "docker ps"}
		}
		fourAtOnce(t, nil, mux)
		fs[4].ms = append(fs[4].ms, fourAtOnce(t, nil, mux))
	}
	table(t, title, fs)
}

// fourAtOnce runs one command for each host and tells how long the slowest took.
func fourAtOnce(t *testing.T, env []string, argv func(i int) []string) float64 {
	t.Helper()
	start := time.Now()
	var wg sync.WaitGroup
	for i := range hosts {
		wg.Go(func() { run(t, env, argv(i)...) })
	}
	wg.Wait()
	return float64(time.Since(start)) / 1e6
}

// world returns a fleet file and an ssh configuration for the four hosts, both
// through the same delaying proxies when delay (one way) is not 0.
func world(t *testing.T, delay time.Duration) (fleet, sshConfig string) {
	t.Helper()
	lab, err := filepath.Abs("../lab")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(lab, "fleet.yaml"))
	if err != nil {
		t.Fatalf("the lab is not up: %v; run make lab-up", err)
	}
	text := jumps.ReplaceAllString(string(src), "") // every host directly, as the peers go
	keys, err := os.ReadFile(filepath.Join(lab, ".state", "known_hosts"))
	if err != nil {
		t.Fatal(err)
	}
	known, config := string(keys), ""
	for i, host := range hosts {
		to := host + ":22"
		if delay > 0 {
			to = proxy(t, to, delay)
			addr, port, _ := strings.Cut(to, ":")
			known += strings.ReplaceAll(lines(string(keys), host), host+" ", "["+addr+"]:"+port+" ")
			text = strings.ReplaceAll(text, "host: "+host, "host: "+addr+", ssh: {port: "+port+"}")
		}
		addr, port, _ := strings.Cut(to, ":")
		config += fmt.Sprintf("Host host%d\n  HostName %s\n  Port %s\n", i, addr, port)
	}
	dir := t.TempDir()
	knownFile := filepath.Join(dir, "known_hosts")
	write(t, knownFile, known, 0o600)
	text = knownHosts.ReplaceAllString(text, "known_hosts: "+knownFile)
	text = strings.ReplaceAll(text, "${file:", "${file:"+lab+"/")
	text = strings.ReplaceAll(text, "${file:"+lab+"//", "${file:/")
	fleet, sshConfig = filepath.Join(dir, "fleet.yaml"), filepath.Join(dir, "ssh_config")
	write(t, fleet, text, 0o600)
	write(t, sshConfig, config+"Host *\n  User root\n  BatchMode yes\n  IdentityFile "+filepath.Join(lab, ".state", "id_ed25519")+"\n  UserKnownHostsFile "+knownFile+"\n", 0o600)
	return fleet, sshConfig
}

var (
	jumps      = regexp.MustCompile(`, ssh: \{jump: "[^"]*"\}`)
	knownHosts = regexp.MustCompile(`known_hosts: [^,}\n]+`)
)

// lines returns the lines of a known_hosts file for one host.
func lines(text, host string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, host+" ") {
			b.WriteString(l)
		}
	}
	return b.String()
}

// proxy starts the lab's delaying proxy and returns its address.
func proxy(t *testing.T, to string, delay time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "../.bin/lab", "wan", "--listen", "127.0.0.1:0", "--to", to, "--delay", delay.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the proxy said nothing: %v", err)
	}
	addr := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	if addr == "" {
		t.Fatalf("the proxy did not say where it listens: %q", line)
	}
	return addr
}
