package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"vmqbot/secret"
)

const password = "hunter2"

// holder is how secrets are kept: exported, unexported, behind a pointer, in
// a list, in a map as key and value, and in an interface.
type holder struct {
	Text   secret.Text
	Word   secret.Word
	Ptr    *secret.Text
	List   []secret.Text
	Words  []secret.Word
	ByName map[string]secret.Text
	Keys   map[secret.Text]int
	Any    any
	text   secret.Text
	word   secret.Word
	deep   struct{ list []secret.Word }
}

func full() holder {
	text, word := secret.New(password), secret.Hidden(password)
	h := holder{
		Text: text, Word: word, Ptr: &text, List: []secret.Text{text}, Words: []secret.Word{word},
		ByName: map[string]secret.Text{"a": text}, Keys: map[secret.Text]int{text: 1}, Any: text, text: text, word: word,
	}
	h.deep.list = []secret.Word{word}
	return h
}

// leaks reports whether printed text gives the secret away, in letters, in
// hexadecimal or as numbers.
func leaks(s string) bool {
	numbers := strings.Trim(fmt.Sprint([]byte(password)), "[]") //nolint:staticcheck // the numbers are wanted
	for _, form := range []string{password, fmt.Sprintf("%x", password), fmt.Sprintf("% x", password), fmt.Sprintf("%q", []byte(password)), numbers} {
		if strings.Contains(strings.ToLower(s), form) {
			return true
		}
	}
	return false
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%c", "%U", "%p", "%10s", "%T"}

// A secret never prints, whatever the verb and however deep it is kept.
func TestNeverFormatted(t *testing.T) {
	h := full()
	for name, v := range map[string]any{
		"text": h.Text, "pointer": h.Ptr, "word": h.Word, "pointer to word": &h.Word, "list": h.List, "words": h.Words,
		"map": h.ByName, "keys": h.Keys, "nested": h, "pointer to nested": &h, "unexported": struct{ t secret.Text }{h.Text},
	} {
		for _, verb := range verbs {
			if s := fmt.Sprintf(verb, v); leaks(s) {
				t.Errorf("%s with %s prints %s", name, verb, s)
			}
		}
		if s := fmt.Sprintln(v); leaks(s) {
			t.Errorf("%s with Sprintln prints %s", name, s)
		}
		if err := fmt.Errorf("dialing with %v: %w", v, errors.New("no")); leaks(err.Error()) {
			t.Errorf("%s in an error prints %s", name, err)
		}
	}
}

func TestNeverEncoded(t *testing.T) {
	h := full()
	b, err := json.Marshal(h)
	if err != nil || leaks(string(b)) || !strings.Contains(string(b), `"Text":"[redacted]"`) || !strings.Contains(string(b), `"Words":["[redacted]"]`) {
		t.Errorf("JSON is %s, %v", b, err)
	}
	if leaks(string(b)) || !strings.Contains(string(b), `"Keys":{"[redacted]":1}`) {
		t.Errorf("a secret key is %s", b)
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("dialing", "text", h.Text, "word", h.Word, "nested", h, slog.Group("g", "p", h.Ptr))
	}
	if leaks(log.String()) || strings.Count(log.String(), "[redacted]") < 6 {
		t.Errorf("the log is %s", log.String())
	}
	var page bytes.Buffer
	if err := template.Must(template.New("").Parse("{{.Text}} {{.Word}} {{.}}")).Execute(&page, h); err != nil || leaks(page.String()) {
		t.Errorf("a template prints %s, %v", page.String(), err)
	}
}

// Only Reveal gives it out, and only as a whole.
func TestReveal(t *testing.T) {
	text := secret.New(password)
	if text.Reveal() != password || text.IsZero() || text.String() != "[redacted]" {
		t.Errorf("%q %t %q", text.Reveal(), text.IsZero(), text)
	}
	var absent secret.Text
	if absent.Reveal() != "" || !absent.IsZero() || absent.String() != "" || secret.New("") != absent {
		t.Errorf("the absent secret is %q %t %q", absent.Reveal(), absent.IsZero(), absent)
	}
	var in struct{ P secret.Text }
	if err := json.Unmarshal([]byte(`{"P":"hunter2"}`), &in); err != nil || in.P.Reveal() != password {
		t.Errorf("it is not taken in: %v", err)
	}
}

// Secrets are compared by value: facts and fleets that hold them are.
func TestEqual(t *testing.T) {
	if a, b := secret.New("x"+password), secret.New("x"+password); a != b || !reflect.DeepEqual(a, b) || a == secret.New("y") {
		t.Error("equal secrets differ, or different ones are equal")
	}
	if a, b := full(), full(); !reflect.DeepEqual(a, b) {
		t.Error("what holds equal secrets differs")
	}
	if same, again := secret.Plain("x"), secret.Plain("x"); secret.Hidden("x") == same || same != again {
		t.Error("a hidden word equals the plain one")
	}
}

func TestWord(t *testing.T) {
	words := append(secret.Words("mosquitto_pub", "-P"), secret.Hidden(password), secret.Plain("[redacted]"), secret.Word{})
	if got := fmt.Sprint(words); got != "[mosquitto_pub -P [redacted] [redacted] ]" {
		t.Errorf("the words print as %s", got)
	}
	if got := secret.Reveal(words); !reflect.DeepEqual(got, []string{"mosquitto_pub", "-P", password, "[redacted]", ""}) {
		t.Errorf("the words are %q", got)
	}
	if words[0].IsHidden() || !words[2].IsHidden() || words[3].IsHidden() {
		t.Error("the wrong word is hidden")
	}
	b, err := json.Marshal(words)
	if err != nil || string(b) != `["mosquitto_pub","-P","[redacted]","[redacted]",""]` {
		t.Errorf("JSON is %s, %v", b, err)
	}
	var back secret.Word
	if err := json.Unmarshal([]byte(`"-P"`), &back); err != nil || back != secret.Plain("-P") || back.Reveal() != "-P" {
		t.Errorf("%v, %v", back, err)
	}
	if got := secret.Reveal(nil); got == nil || len(got) != 0 {
		t.Errorf("no words are %#v", got)
	}
}
