package explain_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"vmqbot/explain"
)

var (
	someIP  = regexp.MustCompile(`\b10\.(77|78|32|99)\.(\d{1,3}\.\d{1,3})\b`)
	someMAC = regexp.MustCompile(`\b[0-9a-f]{2}((?::[0-9a-f]{2}){5})\b`)
	other   = map[string]string{"77": "61", "78": "62", "32": "63", "99": "64"}
)

// renamed gives a text other addresses and other nodes, of the same length so
// that drawn tables stay drawn.
func renamed(s string) string {
	s = someIP.ReplaceAllStringFunc(s, func(ip string) string {
		m := someIP.FindStringSubmatch(ip)
		return "10." + other[m[1]] + "." + m[2]
	})
	s = someMAC.ReplaceAllString(s, "fe$1")
	return strings.ReplaceAll(s, "VerneMQ@", "Mqtt_x1@")
}

// TestRenamed: nothing that is understood hangs on a name or an address of the
// recorded runs. To rename and then to explain is to explain and then to rename.
func TestRenamed(t *testing.T) {
	changed := 0
	for _, file := range recorded(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		was, ok := told(t, string(src))
		if !ok {
			continue
		}
		is, ok := told(t, renamed(string(src)))
		if !ok {
			t.Errorf("%s with other names is not recognized", file)
		}
		if want := renamed(was); is != want {
			t.Errorf("%s with other names:\n got %s\nwant %s", file, is, want)
		}
		if is != was {
			changed++
		}
	}
	if changed < 100 { // else the names above are not those of the samples any more
		t.Errorf("only %d answers name something that was renamed", changed)
	}
}

// told is what is said about a kept run, without the example of how to type a
// node's name; false for what is not recognized.
func told(t *testing.T, src string) (string, bool) {
	t.Helper()
	a, err := explain.Archive([]byte(src))
	if err != nil {
		return "", false
	}
	m, ok := explain.Meaning(a)
	m.Meaning = strings.ReplaceAll(m.Meaning, "=VerneMQ@ADDRESS", "=NAME")
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), `\u003e`, ">"), ok
}
