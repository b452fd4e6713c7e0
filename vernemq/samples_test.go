package vernemq

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestSamples reads every recorded answer and compares what it means with
// the table.
func TestSamples(t *testing.T) {
	seen := 0
	for _, version := range []string{"1.6.1", "2.1.2"} {
		for _, file := range samples(t, version) {
			seen++
			want, ok := meanings[file]
			if !ok {
				t.Errorf("%s has no row in meanings_test.go: say what it means", file)
				continue
			}
			t.Run(file, func(t *testing.T) {
				a, ours := sample(t, file)
				if !ours {
					if want.is != notOurs || want.want == "" {
						t.Fatalf("the command is not recognized as one of VerneMQ's, want %s %q", want.is, want.want)
					}
					return
				}
				checkMeaning(t, a, want.verb, want.is, want.want)
			})
		}
	}
	if seen != len(meanings) {
		t.Errorf("%d files were found, and %d have a row", seen, len(meanings))
	}
}

func checkMeaning(t *testing.T, a answer.Answer, verb, is, want string) {
	t.Helper()
	m, ok := Explain(a)
	if is == garbledAnswer {
		if ok {
			t.Fatalf("recognized as %+v, want garbled: %s", m, want)
		}
		return
	}
	if !ok {
		t.Fatalf("not recognized, want %s %s", is, want)
	}
	tool := a.Argv[0]
	if m.Tool != tool || m.Verb != verb {
		t.Errorf("it is an answer of %s %q, want %s %q", m.Tool, m.Verb, tool, verb)
	}
	if !strings.HasSuffix(m.Meaning, ".") || len(m.Meaning) < 20 {
		t.Errorf("the meaning %q is no sentence", m.Meaning)
	}
	got := asJSON(t, m.Facts)
	if r, refused := m.Facts.(Details); refused {
		if is != refusedAs || string(r.Refusal) != want {
			t.Fatalf("refused as %q (%s), want %s %s", r.Refusal, m.Meaning, is, want)
		}
		return
	}
	prefix, long := strings.CutSuffix(want, "…")
	if is != facts || got != want && (!long || !strings.HasPrefix(got, prefix)) {
		t.Errorf("the facts are\n%s\nwant %s\n%s", got, is, want)
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// TestFormsAgree compares the same moment recorded in two forms.
func TestFormsAgree(t *testing.T) {
	for human, js := range map[string]string{
		"cluster-show-1-node":      "cluster-show-1-node-json",
		"cluster-show-4-nodes":     "cluster-show-4-nodes-json",
		"cluster-show-one-stopped": "cluster-show-one-stopped-json",
		"listener-show":            "listener-show-json",
		"plugin-show":              "plugin-show-json",
		"node-status":              "node-status-json",
		"webhooks-show":            "webhooks-show-json",
		"webhooks-show-empty":      "webhooks-show-empty-json",
		"session-show":             "session-show-json",
		"session-show-none":        "session-show-none-json",
		"join-no-args":             "join-no-args-json",
		"join-nonempty":            "join-nonempty-json",
	} {
		a, _ := sample(t, "2.1.2/"+human+".txtar")
		b, _ := sample(t, "2.1.2/"+js+".txtar")
		ma, oka := Explain(a)
		mb, okb := Explain(b)
		if !oka || !okb || !reflect.DeepEqual(ma, mb) {
			t.Errorf("%s and %s differ:\n%+v\n%+v", human, js, ma, mb)
		}
	}
}

// TestPastedFromChat reads every sample again with CRLF, blank lines around
// it and the colors taken off.
func TestPastedFromChat(t *testing.T) {
	for file, want := range meanings {
		if want.is == notOurs {
			continue
		}
		a, _ := sample(t, file)
		m, ok := Explain(a)
		b := a
		b.Stdout = strings.ReplaceAll(a.Stdout, "\n", "\r\n") + "\r\n \r\n"
		b.Stderr = "\n" + a.Stderr + "\n\n"
		n, okCR := Explain(b)
		if ok != okCR || asJSON(t, m.Facts) != asJSON(t, n.Facts) {
			t.Errorf("%s with CRLF means\n%v %s\nand not\n%v %s", file, okCR, asJSON(t, n.Facts), ok, asJSON(t, m.Facts))
		}
		b = a
		b.Stdout = strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(a.Stdout)
		if n, _ := Explain(b); asJSON(t, m.Facts) != asJSON(t, n.Facts) {
			t.Errorf("%s without colors means %s, and not %s", file, asJSON(t, n.Facts), asJSON(t, m.Facts))
		}
	}
}

// TestSecretsStayOut: no meaning may carry a cookie, a key or a password.
func TestSecretsStayOut(t *testing.T) {
	a, _ := sample(t, "2.1.2/config-effective.txtar")
	m, ok := Explain(a)
	if got := asJSON(t, m); !ok || strings.Contains(got, "vmqlab") || !strings.Contains(got, `"distributed_cookie":"[redacted]"`) {
		t.Errorf("the cookie is in the meaning of config effective")
	}
	key := "esupYJCNYLtR1fwuLiZMrFuUXiNIonal"
	for _, a := range []answer.Answer{
		{Argv: []string{"vmq-admin", "api-key", "create"}, Stdout: key + "\n"},
		{Argv: []string{"vmq-admin", "api-key", "show", "--format=json"}, Stdout: `{"table":[{"Key":"` + key + `"}],"type":"table"}`},
		{Argv: []string{"curl", "-u", key + ":", "http://10.0.0.1:8888/api/v1/x"}, Stdout: "HTTP/1.1 400 Bad Request\ncontent-length: 0\n\n"},
	} {
		m, ok := Explain(a)
		if got := asJSON(t, m); !ok || strings.Contains(got, key) {
			t.Errorf("%v: recognized %v, and the key is repeated in %s", a.Argv[:2], ok, got)
		}
	}
	b := answer.Answer{Argv: []string{"vmq-admin", "show", "distributed_cookie", "--format=json"}, Stdout: `{"table":[{"node":"VerneMQ@10.0.0.1","distributed_cookie":"s3cret"}],"type":"table"}`}
	if m, ok := Explain(b); !ok || strings.Contains(asJSON(t, m), "s3cret") {
		t.Errorf("the cookie is in the meaning of show")
	}
}
