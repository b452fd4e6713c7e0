package demo_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"vmqbot/demo"
	"vmqbot/speech"
)

// TestTheTourIsPinned where the page knows pins, by the message's own time; where it
// does not, the tour stays the first message; and another refusal is told.
func TestTheTourIsPinned(t *testing.T) {
	for _, c := range []struct {
		name, posts, pins string
		pinned            bool
		err               string
	}{
		{"a page with pins", `{"ok":true,"ts":"17.4"}`, `{"ok":true}`, true, ""},
		{"the tour is pinned already", `{"ok":true,"ts":"17.4"}`, `{"ok":false,"error":"already_pinned"}`, true, ""},
		{"a page without", `{"ok":true,"ts":"17.4"}`, `{"ok":false,"error":"unknown_method"}`, false, ""},
		{"one that refuses", `{"ok":true,"ts":"17.4"}`, `{"ok":false,"error":"missing_scope"}`, false, "refused to pin the first message: missing_scope"},
		{"one that takes no message", `{"ok":false,"error":"is_archived"}`, `{"ok":true}`, false, "refused a message: is_archived"},
		{"one that is no Slack", `<html>`, ``, false, "the page answered chat.postMessage with 200 OK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls []string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var args map[string]string
				if err := json.NewDecoder(r.Body).Decode(&args); err != nil || args["channel"] != demo.Channel {
					t.Errorf("%s: %v %v", r.URL, args, err)
				}
				calls = append(calls, r.URL.Path+" "+args["timestamp"])
				answer := c.posts
				if strings.HasSuffix(r.URL.Path, "pins.add") {
					answer = c.pins
				}
				_, _ = io.WriteString(w, answer)
			}))
			defer s.Close()
			pinned, err := (&demo.Page{API: s.URL + "/api/"}).Guide(t.Context(), demo.Tour)
			if pinned != c.pinned || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("pinned %v, %v", pinned, err)
			}
			if strings.Contains(c.posts, "ts") && (len(calls) != 2 || calls[1] != "/api/pins.add 17.4") {
				t.Errorf("called %q", calls)
			}
		})
	}
}

// TestLocalSlackPinsNothing: the page of today knows no pins. When one does, this
// fails, and the README may say so.
func TestLocalSlackPinsNothing(t *testing.T) {
	program, err := demo.Find(t.Context(), demo.Place{Getenv: os.Getenv, Platform: runtime.GOOS + "/" + runtime.GOARCH, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	page, err := demo.Open(t.Context(), program, t.TempDir(), freePort(t))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close() //nolint:errcheck // it is ended
	if pinned, err := page.Guide(t.Context(), demo.Tour); err != nil || pinned {
		t.Errorf("pinned %v, %v", pinned, err)
	}
}

// TestTheTourInChinese: who types the command in a Chinese terminal reads every line
// in it; people, commands and the names of buttons stay what the page shows.
func TestTheTourInChinese(t *testing.T) {
	zh := speech.In("zh")
	english, said := strings.Split(demo.Tour, "\n"), strings.Split(zh.Text(demo.Tour), "\n")
	if len(english) != 6 || len(said) != 6 {
		t.Fatalf("%d and %d lines", len(english), len(said))
	}
	kept := regexp.MustCompile("<@U0[A-Z]+>|`[^`]+`")
	for i := range said {
		if left := speech.Left(said[i]); len(left) > 0 && !slices.Equal(left, []string{"ssh"}) {
			t.Errorf("%q leaves %q", said[i], left)
		}
		if a, b := kept.FindAllString(english[i], -1), kept.FindAllString(said[i], -1); !slices.Equal(a, b) {
			t.Errorf("%q names %q, and %q names %q", english[i], a, said[i], b)
		}
	}
	for _, button := range []string{"Approve", "Run it", "Graph"} {
		if name := zh.Line(button); !strings.Contains(demo.Tour, "*"+button+"*") || !strings.Contains(zh.Text(demo.Tour), "*"+name+"*") {
			t.Errorf("the button %s (%s) is called otherwise in the tour", button, name)
		}
	}
}
