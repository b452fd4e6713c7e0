package vernemq

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

func TestHTTPAnswers(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
	for _, c := range []struct {
		name, path, stdout, stderr string
		exit                       int
		want                       string // the facts, or the kind of refusal, or "" for garbled
	}{
		{"head and body", "/health", head + `{"status":"OK"}`, "", 0, `{"ok":true,"reasons":[]}`},
		{"body alone", "/health/ping", `{"status":"OK"}`, "", 0, `{"ok":true,"reasons":[]}`},
		{"two heads", "/health", "HTTP/1.1 100 Continue\r\n\r\n" + head + `{"status":"OK"}`, "", 0, `{"ok":true,"reasons":[]}`},
		{"HTTP/2", "/health", "HTTP/2 200 \n\n" + `{"status":"OK"}` + "\n", "", 0, `{"ok":true,"reasons":[]}`},
		{"not joined", "/health", "HTTP/1.1 503 Service Unavailable\n\n" + `{"status":"DOWN","reasons":["Node has not joined cluster"]}`, "", 0, `{"ok":false,"reasons":["Node has not joined cluster"]}`},
		{"status and body differ", "/health", "HTTP/1.1 503 Service Unavailable\n\n" + `{"status":"OK"}`, "", 0, ""},
		{"no reasons", "/health", "HTTP/1.1 503 Service Unavailable\n\n" + `{"status":"DOWN"}`, "", 0, ""},
		{"cut in the head", "/health", head[:30], "", 0, ""},
		{"cut in the body", "/health", head + `{"status":"OK"`, "", 0, ""},
		{"not JSON", "/health", head + "OK", "", 0, ""},
		{"nobody there", "/health", "", "curl: (7) Failed to connect to 10.0.0.1 port 8888: Connection refused", 7, string(answer.Down)},
		{"too slow", "/status.json", "", "curl: (28) Operation timed out after 5001 milliseconds with 0 bytes received", 28, string(answer.TimedOut)},
		{"no such host", "/health", "", "curl: (6) Could not resolve host: cn", 6, string(answer.NotFound)},
		{"strange", "/health", "", "curl: (35) TLS connect error", 35, string(Failed)},
		{"wrong key", "/api/v1/cluster/show", "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "", 0, string(answer.Forbidden)},
		{"crash", "/api/v1/cluster/show", "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n", "", 0, string(Failed)},
		{"API, cluster", "/api/v1/cluster/show", head + `{"table":[{"Node":"a@10.0.0.9","Running":false}],"type":"table"}`, "", 0, `{"nodes":[{"node":"a@10.0.0.9","running":false}]}`},
		{"API, join", "/api/v1/cluster/join?discovery-node=a@10.0.0.9", head + `{"text":"Done","type":"text"}`, "", 0, `{"discovery_node":"a@10.0.0.9"}`},
		{"API, refused", "/api/v1/cluster/join?discovery-node=a@10.0.0.9", head + `{"alert":[{"text":"RPC to node 'a@10.0.0.9' failed for reason: self_join\n","type":"text"}],"type":"alert"}`, "", 0, string(SelfJoin)},
		{"API, cut", "/api/v1/cluster/show", head + `{"table":[{"Node":"a@10.0.0.9","Running":false}]`, "", 0, ""},
		{"status, empty", "/status.json", head + `[{}]`, "", 0, ""},
		{"status, two objects", "/status.json", head + `[{},{}]`, "", 0, ""},
		{"status, no view", "/status.json", head + `[{"a@10.0.0.1":{"listeners":[]}}]`, "", 0, ""},
		{"status, odd listener", "/status.json", head + `[{"a@10.0.0.1":{"mystatus":{"a@10.0.0.1":true},"listeners":[{"type":"vmq"}]}}]`, "", 0, ""},
		{"metrics, cut in a line", "/metrics", "# TYPE a counter\na 12", "", 0, ""},
		{"metrics, no numbers", "/metrics", "# TYPE a counter\n", "", 0, ""},
		{"metrics, odd label", "/metrics", "a{b=c} 1\n", "", 0, ""},
		{"metrics, escaped label", "/metrics", "#\na{b=\"c\\\"}d\",e=\"\"} 1e3\n", "", 0, `{"samples":[{"name":"a","labels":{"b":"c\"}d","e":""},"value":1000}]}`},
	} {
		a := answer.Answer{Argv: []string{"curl", "-sS", "-i", "http://10.0.0.1:8888" + c.path}, Exit: c.exit, Stdout: c.stdout, Stderr: c.stderr}
		m, ok := Explain(a)
		got := asJSON(t, m.Facts)
		if r, refused := m.Facts.(Details); refused {
			got = string(r.Refusal)
		}
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: explained as %s (%v), want %s", c.name, got, ok, c.want)
		}
	}
}

// TestStatusShapes: 1.6, 1.7 and 2.x wrap the same thing differently.
func TestStatusShapes(t *testing.T) {
	const view, listeners = `{"b@10.0.0.2":false,"a@10.0.0.1":true}`, `[{"type":"vmq","status":"running","ip":"10.0.0.1","port":44053,"mountpoint":[97,98],"max_conns":10}]`
	node := func(view string) string {
		return `{"a@10.0.0.1":{"num_online":2,"mystatus":` + view + `,"listeners":` + listeners + `,"version":"1"}}`
	}
	want := `[{"node":"a@10.0.0.1","version":"1","counters":{"num_online":2},"view":[{"node":"a@10.0.0.1","running":true},{"node":"b@10.0.0.2","running":false}],` +
		`"listeners":[{"type":"vmq","status":"running","address":"10.0.0.1","port":44053,"mountpoint":"ab","max_conns":10}]}]`
	for _, body := range []string{node(view), "[" + node(view) + "]", "[" + node("["+view+"]") + "]\n"} {
		got, err := ParseStatusJSON(body)
		if err != nil || asJSON(t, got) != want {
			t.Errorf("%s\nis read as\n%s, %v, want\n%s", body, asJSON(t, got), err, want)
		}
		for n := range strings.TrimSpace(body) {
			if got, err := ParseStatusJSON(body[:n]); err == nil {
				t.Fatalf("cut to %q and read as %v", body[:n], got)
			}
		}
	}
}
