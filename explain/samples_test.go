package explain_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/explain"
)

const (
	series   = "a series of commands without a command line of its own"
	inside   = "a command of Linux in a container or on the host"
	dockerPS = "Docker's list of containers"
	client   = "an MQTT client"
	cut      = "recorded cut short, and so refused as garbled"
	overlay  = "a file of settings and no command"
)

// notOurs are the recorded runs that must not be recognized, and why. The
// key is the beginning of the file's name.
var notOurs = map[string]string{
	"c1-ip-": inside, "c1-route-": inside, "host-ip-addr": inside, "ping-after-restart.": inside, "ping-after-weave": inside, "ping-sa-us": inside, "ping-while-": inside,
	"docker-ps-": dockerPS, "fail-": series,
	"connect-webhook-endpoint-down": client, "mqtt-": client,
	"http-metrics.": cut, "confd-override-effective": overlay,
}

func reason(file string) string {
	for prefix, why := range notOurs {
		if strings.HasPrefix(file, prefix) {
			return why
		}
	}
	return ""
}

// recorded finds every kept run of both dialects.
func recorded(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../*/testdata/*/*.txtar")
	if err != nil || len(files) < 290 {
		t.Fatalf("%d recorded runs were found: %v", len(files), err)
	}
	return files
}

// Every recorded run of weave, vernemq, vmq-admin and curl is recognized,
// through the same door as a paste; the others are not.
func TestEverySample(t *testing.T) {
	for _, file := range recorded(t) {
		why := reason(filepath.Base(file))
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := explain.Archive(src)
		if err != nil {
			if why == "" {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		m, ok := explain.Meaning(a)
		if ok != (why == "") {
			t.Errorf("%s: recognized %t (%s %s: %s), and it is %q", file, ok, m.Tool, m.Verb, m.Meaning, why)
		}
		if ok {
			checkShape(t, file, m)
		}
	}
}

// checkShape holds a meaning against what scripts rely on: {tool, verb,
// meaning, facts}, snake_case keys, and no null where a list is meant.
func checkShape(t *testing.T, file string, m any) {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, key := range []string{"tool", "verb", "meaning"} {
		if s, _ := got[key].(string); s == "" {
			t.Errorf("%s: %q is missing in %s", file, key, b)
		}
	}
	facts, isObject := got["facts"].(map[string]any)
	if !isObject || len(got) != 4 {
		t.Errorf("%s: the facts are no object in %s", file, b)
	}
	checkValues(t, file, "facts", facts)
}

// byName are the objects whose keys are names that VerneMQ or a person chose.
const byName = "metrics counters settings values synced labels rows nodes listeners samples"

func checkValues(t *testing.T, file, at string, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil:
		t.Errorf("%s: %s is null", file, at)
	case []any:
		for _, e := range v {
			checkValues(t, file, at, e)
		}
	case map[string]any:
		for key, e := range v {
			if strings.ToLower(key) != key && !strings.Contains(byName, at) {
				t.Errorf("%s: the key %q of %s is not in snake_case", file, key, at)
			}
			checkValues(t, file, key, e)
		}
	}
}
