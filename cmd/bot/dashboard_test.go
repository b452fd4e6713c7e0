package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is one of Debian's; a missing one fails the test.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: install it with make prerequisites", err)
	}
	return path
}

// deploy is a file that users get.
func deploy(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTheRulesPassPromtool: their form, and what they fire for.
func TestTheRulesPassPromtool(t *testing.T) {
	promtool := program(t, "promtool")
	for _, args := range [][]string{
		{"check", "rules", deploy(t, "prometheus-rules.yml")},
		{"test", "rules", deploy(t, "prometheus-rules-test.yml")},
		{"check", "config", "--syntax-only", deploy(t, "prometheus.yml")},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args[:2], " "), err, out)
		}
	}
}

// dashboard is what Grafana asks for each panel.
type dashboard struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	b, err := os.ReadFile(deploy(t, "grafana-dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// runningWatch is bot watch with its pages.
type runningWatch struct {
	url string
	end func() said
}

// lines is a writer that tests wait on.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newLines() *lines { return &lines{more: make(chan struct{}, 1)} }

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// find waits until a line matches, and returns what its first group holds.
func (l *lines) find(t *testing.T, re *regexp.Regexp) string {
	t.Helper()
	late := time.After(time.Minute)
	for {
		if m := re.FindStringSubmatch(l.String()); m != nil {
			return m[1]
		}
		select {
		case <-l.more:
		case <-late:
			t.Fatalf("nothing says %s within a minute:\n%s", re, l.String())
		}
	}
}

// watching starts bot watch on a free port.
func (w *world) watching(config string, more ...string) runningWatch {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	stdout, stderr := newLines(), newLines()
	exit := make(chan int, 1)
	p := &process{args: append([]string{"watch", "--config", config, "--listen", "127.0.0.1:0"}, more...), stdin: strings.NewReader(""), stdout: stdout, stderr: stderr, getenv: func(k string) string { return w.env[k] }}
	go func() { exit <- p.main(ctx) }()
	ended := sync.OnceValue(func() said {
		cancel()
		return said{<-exit, stdout.String(), stderr.String()}
	})
	w.t.Cleanup(func() { ended() })
	return runningWatch{"http://" + stderr.find(w.t, regexp.MustCompile(`msg=listening address=(\S+)`)), ended}
}

// ask asks a page, or an API.
func ask(t *testing.T, address string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// until asks again and again until it is so, for a minute and a half at most.
func until(t *testing.T, what string, is func() error) {
	t.Helper()
	late := time.After(90 * time.Second)
	for {
		err := is()
		if err == nil {
			return
		}
		select {
		case <-late:
			t.Errorf("%s: not within 90 s: %v", what, err)
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// prometheus is Debian's: it scrapes a target every second, with our rules.
func prometheus(t *testing.T, target string) (api string) {
	t.Helper()
	dir := t.TempDir()
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nscrape_configs:\n  - {job_name: vmqbot, static_configs: [{targets: [%q]}]}\nrule_files: [%q]\n",
		strings.TrimPrefix(target, "http://"), deploy(t, "prometheus-rules.yml"))
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	var log bytes.Buffer
	c := exec.Command(program(t, "prometheus"), "--config.file", filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path", filepath.Join(dir, "data"), "--web.listen-address", address)
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		if t.Failed() {
			t.Logf("prometheus says\n%s", log.String())
		}
	})
	api = "http://" + address
	until(t, "prometheus is ready", func() error {
		if code, says := ask(t, api+"/-/ready"); code != http.StatusOK {
			return fmt.Errorf("%d %s", code, says)
		}
		return nil
	})
	return api
}

// has reports whether a query returns a number: a series that is there and is
// not NaN.
func has(t *testing.T, api, expr string) error {
	code, body := ask(t, api+"/api/v1/query?query="+url.QueryEscape(expr))
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || code != http.StatusOK {
		return fmt.Errorf("%d %s", code, body)
	}
	for _, r := range answer.Data.Result {
		if v, _ := r.Value[1].(string); v != "" && v != "NaN" {
			return nil
		}
	}
	return fmt.Errorf("no data: %s", body)
}

// ear is a web service that keeps what it was sent.
type ear struct {
	*httptest.Server
	heard *lines
}

func newEar(t *testing.T) *ear {
	t.Helper()
	e := &ear{heard: newLines()}
	e.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(e.heard, "%s %s\n", r.URL.Path, b)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *ear) hears(t *testing.T, text string) {
	t.Helper()
	e.heard.find(t, regexp.MustCompile("("+regexp.QuoteMeta(text)+")"))
}

// TestEveryQueryOfTheDashboardHasData from a real Prometheus that scrapes a
// bot, which watches a simulated fleet and repairs an address there.
func TestEveryQueryOfTheDashboardHasData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := filepath.Join(w.dir, "f")
	fleet := w.sim(folder, "--pace", "0.1")
	hook, ping := newEar(t), newEar(t)
	w.env["HOOK_SECRET"], w.env["PING"] = "hunter2-of-the-hook", ping.URL+"/hunter2"
	config := filepath.Join(folder, "fleet.yaml")
	f, err := os.OpenFile(config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, "\nreceivers: {hook: {kind: webhook, url: %q, secret: \"${env:HOOK_SECRET}\"}, away: {kind: alertmanager, url: \"http://127.0.0.1:%s\"}}\ndeadman: {url: \"${env:PING}\", every: 10s}\n", hook.URL, closedPort(t))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	b := w.watching(config)
	api := prometheus(t, b.url)
	until(t, "/readyz", func() error {
		if code, says := ask(t, b.url+"/readyz"); code != http.StatusOK {
			return fmt.Errorf("%d %s", code, says)
		}
		return nil
	})
	ping.hears(t, "/hunter2")
	until(t, "it is scraped", func() error { return has(t, api, `vmqbot_heals_total{region="cn"}`) })
	w.wants(w.bot("sim", "--dir", folder, "exec", "cn", "docker", "restart", "vernemq-release-cn-1"), 0, "vernemq-release-cn-1", "")
	until(t, "the address is repaired", func() error {
		return has(t, api, `vmqbot_heals_total{check="ip",region="cn",result="ok"} > 0`)
	})
	for _, op := range []string{"post", "page", "stop-page", "update"} {
		hook.hears(t, `"op":"`+op+`","status":"`)
	}
	until(t, "a receiver that is away is seen", func() error {
		return has(t, api, `vmqbot_notifications_failed_total{integration="away",reason="unreachable"} > 0 and on (integration) vmqbot_outbox_messages > 0`)
	})
	d, asked := readDashboard(t), 0
	for _, p := range d.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("%s asks nothing", p.Title)
		}
		for _, q := range p.Targets {
			expr := strings.NewReplacer("$__rate_interval", "1m", "$job", ".*").Replace(q.Expr)
			asked++
			until(t, p.Title+": "+expr, func() error { return has(t, api, expr) })
		}
	}
	if asked < 30 {
		t.Errorf("only %d queries were asked", asked)
	}
	// What the rules ask exists too, and they can be evaluated.
	code, rules := ask(t, api+"/api/v1/rules")
	if code != http.StatusOK || strings.Contains(rules, `"health":"err"`) || strings.Count(rules, `"health":"ok"`) < 12 {
		t.Errorf("the rules: %d %s", code, rules)
	}
	for _, page := range []string{"/mesh", "/mesh.json", "/healthz", "/metrics"} {
		if code, body := ask(t, b.url+page); code != http.StatusOK || strings.Contains(body, "hunter2") {
			t.Errorf("%s: %d\n%s", page, code, body)
		}
	}
	if _, body := ask(t, b.url+"/mesh.json"); !strings.Contains(body, `"from": "cn-1"`) || !strings.Contains(body, `"message": "ok"`) {
		t.Errorf("the mesh: %s", body)
	}
	if s := b.end(); s.exit != 0 || !strings.Contains(s.stdout, "ip/cn") || strings.Contains(s.stdout+s.stderr, "hunter2") {
		t.Errorf("bot watch: exit %d\n%s\n%s", s.exit, s.stdout, s.stderr)
	}
	fleet.end()
}

// TestAnAddressThatIsTaken is told before anything is watched.
func TestAnAddressThatIsTaken(t *testing.T) {
	w := newWorld(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w.wants(w.bot("watch", "--config", w.fleet(), "--listen", l.Addr().String()), 2, "", "cannot be listened on")
	if files := w.touched(); files != nil {
		t.Errorf("these were made: %q", files)
	}
}
