package broker_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// replayPage asks for the sample's page. Status, body and headers have to be
// the sample's, but for the date.
func (w *world) replayPage(name string) {
	w.t.Helper()
	s := w.readSample(name)
	got := w.curl(s.argv)
	want := strings.ReplaceAll(s.stdout, "\r\n", "\n")
	same(w.t, name, "page", page(got), page(want))
}

// curl prints a page as `curl -i` does, with header names in small letters.
func (w *world) curl(argv []string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, argv[1], nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(argv) > 2 {
		req.SetBasicAuth(argv[2], "")
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}).Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := fmt.Sprintf("HTTP/1.1 %s\n", resp.Status)
	if resp.Header.Get("Content-Length") == "" {
		out += fmt.Sprintf("content-length: %d\n", resp.ContentLength)
	}
	for _, k := range slices.Sorted(maps.Keys(resp.Header)) {
		if k != "Connection" {
			out += strings.ToLower(k) + ": " + resp.Header.Get(k) + "\n"
		}
	}
	return out + "\n" + string(body)
}

var dated = regexp.MustCompile(`(?m)^date: .*$`)

// page sorts the headers of a page and takes the date out.
func page(s string) string {
	head, body, _ := strings.Cut(s, "\n\n")
	lines := strings.Split(dated.ReplaceAllString(head, "date: now"), "\n")
	sort.Strings(lines)
	return strings.Join(lines, "\n") + "\n\n" + strings.TrimSuffix(body, "\n")
}

// sameNames compares the words before the first number or value of each line.
func (w *world) sameNames(name string) {
	w.t.Helper()
	s := w.readSample(name)
	mask := func(s string) string { return regexp.MustCompile(`\d+| +`).ReplaceAllString(s, "#") }
	same(w.t, name, "stdout", mask(w.nodes[s.node].admin(s.argv...).Stdout), mask(s.stdout))
}

// replayJSONRows compares tables in JSON whatever the order of their rows.
func (w *world) replayJSONRows(name string) {
	w.t.Helper()
	s := w.readSample(name)
	rows := func(s string) []string {
		var t struct{ Table []json.RawMessage }
		if err := json.Unmarshal([]byte(s), &t); err != nil {
			w.t.Fatalf("%s: %v in %s", name, err, s)
		}
		var out []string
		for _, r := range t.Table {
			out = append(out, regexp.MustCompile(`_port":\d+`).ReplaceAllString(string(r), `_port":#`))
		}
		sort.Strings(out)
		return out
	}
	if got, want := rows(w.nodes[s.node].admin(s.argv...).Stdout), rows(s.stdout); !slices.Equal(got, want) {
		w.t.Errorf("%s: rows are %v, want %v", name, got, want)
	}
}

// expectOne waits for one message.
func (c *client) expectOne(want string) {
	c.t.Helper()
	until(c.t, want, func() bool { return slices.Equal(c.received(), []string{want}) })
}

func TestWebPages(t *testing.T) {
	w := newWorld(t)
	w.cluster(4)
	w.nodes[1].connect("sub-n1", true)
	for _, name := range []string{"http-health", "http-health_listeners_full_cluster", "http-nosuch", "http-api_v1_cluster_show"} {
		w.replayPage(name)
	}
	if got := w.get(1, "/health/ping"); got != `200 {"status":"OK"}` {
		t.Errorf("/health/ping: %s", got)
	}

	key := strings.TrimSpace(w.nodes[2].admin("api-key", "create").Stdout)
	until(t, "the key on node 1", func() bool { return strings.Contains(w.nodes[1].admin("api-key", "show").Stdout, key) })
	for _, name := range []string{"http-api-cluster-show-key", "http-api-badcmd", "http-api-session-show-key"} {
		s := w.readSample(name)
		s.argv[2] = key
		mask := func(p string) string { return regexp.MustCompile(`_port":\d+`).ReplaceAllString(page(p), `_port":#`) }
		same(t, name, "page", mask(w.curl(s.argv)), mask(s.stdout))
	}
	w.nodes[1].do("Done", "api-key", "delete", "key="+key)
	if got := w.get(1, "/api/v1/cluster/show"); !strings.HasPrefix(got, "401") {
		t.Errorf("the deleted key still opens: %s", got)
	}
}

// A listener that could not be opened is missed by nobody.
func TestHealthDoesNotMissAListener(t *testing.T) {
	w := newWorld(t)
	w.start(4, "listener.tcp.default = 192.0.2.1:1883")
	w.replayPage("health-listeners-foreign-ip")
	if rows := w.nodes[4].admin("listener", "show", "--format=csv").Stdout; strings.Contains(rows, "mqtt") {
		t.Errorf("listener show: %s", rows)
	}
}

// The page asks the others first, waits for one that is cut off until that is
// known to be down, and writes its own view last: so this node says false
// where the others still said true.
func TestStatusPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cluster(4)
	w.net.sever(w.ip(3))
	defer w.net.heal(w.ip(3))
	name := "http-status-json-10s-after-cut"
	mask := func(s string) string { return regexp.MustCompile(`:-?\d+|length: \d+`).ReplaceAllString(page(s), ":#") }
	s := w.readSample(name)
	got := make(chan string, 1)
	go func() {
		defer close(got)
		got <- w.curl(s.argv)
	}()
	until(t, "node 3 to be asked, and the others to have answered", func() bool {
		return w.net.asked(w.ip(1), w.ip(3), "status") && w.net.told(w.ip(1), w.ip(2), "mystatus") && w.net.told(w.ip(1), w.ip(4), "mystatus")
	})
	w.net.tick(w.ip(3))
	same(t, name, "page", mask(<-got), mask(s.stdout))
}

// Every metric of the stand-in is one of VerneMQ's, with its kind and words.
func TestMetricsAreVerneMQs(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	real := map[string]bool{}
	for line := range strings.Lines(w.readSample("metrics-show").stdout) {
		real[strings.TrimSpace(strings.Split(line, " = ")[0])] = true
	}
	n := 0
	for line := range strings.Lines(w.nodes[1].admin("metrics", "show").Stdout) {
		if name := strings.TrimSpace(strings.Split(line, " = ")[0]); !real[name] {
			t.Errorf("metrics show: VerneMQ has no %q", name)
		}
		n++
	}
	if n < 100 {
		t.Errorf("metrics show has %d lines", n)
	}
	words := map[string]bool{}
	for line := range strings.Lines(w.readSample("http-metrics").stdout) {
		words[strings.TrimSpace(line)] = true
	}
	sc := bufio.NewScanner(strings.NewReader(w.get(1, "/metrics")))
	for sc.Scan() {
		if line := strings.TrimPrefix(sc.Text(), "200 "); strings.HasPrefix(line, "#") && !words[line] {
			t.Errorf("/metrics: VerneMQ does not say %q", line)
		}
	}
}
