package explain_test

import (
	"reflect"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/explain"
)

const run = "command: sudo weave ps c1\nexit: 1\nseconds: .2\n-- stdout --\na\nb\n-- stderr --\nc\n"

func TestArchive(t *testing.T) {
	want := answer.Answer{Argv: []string{"weave", "ps", "c1"}, Exit: 1, Stdout: "a\nb\n", Stderr: "c\n"}
	for name, src := range map[string]string{
		"as kept":           run,
		"another order":     "exit:1\n command :  weave ps c1 \n-- stderr --\nc\n-- stdout --\na\nb\n",
		"a byte order mark": "\ufeff" + run,
		"a comment":         "A run of Monday\n" + run,
		"a source":          strings.Replace(run, "seconds: .2", "source: by hand: see exit", 1),
	} {
		a, err := explain.Archive([]byte(src))
		if err != nil || !reflect.DeepEqual(a, want) {
			t.Errorf("%s: %+v, %v, want %+v", name, a, err, want)
		}
	}
	a, err := explain.Archive([]byte(strings.ReplaceAll(run, "\n", "\r\n")))
	if err != nil || a.Exit != 1 || a.Stdout != "a\r\nb\r\n" || a.Stderr != "c\r\n" {
		t.Errorf("with CRLF: %+v, %v", a, err)
	}
}

// A file that was cut in the middle of a line must not look whole: the reader
// of the form would end it with a newline.
func TestArchiveKeepsTheCut(t *testing.T) {
	for cut, want := range map[int][2]string{
		len(run) - 1:                   {"a\nb\n", "c"},
		strings.Index(run, "\n-- std"): {"", ""},
		strings.Index(run, "b\n") + 1:  {"a\nb", ""},
		strings.Index(run, "b\n") + 2:  {"a\nb\n", ""},
	} {
		a, err := explain.Archive([]byte(run[:cut]))
		if whole := want != [2]string{}; (err == nil) != whole || a.Stdout != want[0] || a.Stderr != want[1] {
			t.Errorf("cut after %d bytes: %+v, %v, want %q", cut, a, err, want)
		}
	}
	whole := "command: weave status targets\nexit: 0\n-- stdout --\n10.78.0.99\n10.78.0.11\n"
	for n := strings.LastIndex(whole, "10.78"); n < len(whole); n++ {
		a, err := explain.Archive([]byte(whole[:n]))
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := explain.Meaning(a); ok && !strings.HasSuffix(whole[:n], "\n") {
			t.Errorf("%q is understood: %s", a.Stdout, m.Meaning)
		}
	}
}

// FuzzArchive: what is read holds no more than the file, and says the same when
// it is written down again.
func FuzzArchive(f *testing.F) {
	f.Add(run)
	f.Add("\ufeffcommand: `weave ps`\r\nexit: 0\r\n-- stderr --\r\n")
	f.Fuzz(func(t *testing.T, src string) {
		a, err := explain.Archive([]byte(src))
		if err != nil {
			if !reflect.DeepEqual(a, answer.Answer{}) {
				t.Fatalf("%q is refused (%v) and read as %+v", src, err, a)
			}
			return
		}
		if len(a.Argv) == 0 || a.Exit < 0 || len(a.Stdout)+len(a.Stderr) > len(src)+2 {
			t.Fatalf("%q is read as %+v", src, a)
		}
		if m, ok := explain.Meaning(a); ok && (m.Tool == "" || m.Meaning == "") {
			t.Fatalf("%q means %+v", src, m)
		}
	})
}

func TestArchiveRefuses(t *testing.T) {
	const lines = `it must begin with the lines "command: ..." and "exit: N"`
	for src, why := range map[string]string{
		"":                                  lines,
		"-- stdout --\npong\n":              lines,
		"command: weave ps\n-- stdout --\n": lines,
		"command:\nexit:\n-- stdout --\n":   lines,
		"command: weave ps\nexit: one\n-- stdout --\n":                      lines,
		"command: weave ps\nexit: -1\n-- stdout --\n":                       lines,
		"exit: 0\n-- stdout --\n":                                           lines,
		"command: ip addr\nexit: 0\n-- stdout --\n":                         "is not one of weave",
		"command: weave ps\nexit: 0\n":                                      "it has no answer",
		"command: weave stop\nexit: 0\n-- stdo":                             "it has no answer",
		"command: weave ps\nexit: 0\n-- output --\n":                        `it has a file "output"`,
		"command: weave ps\nexit: 0\n-- stdout --\n-- stdout --\n":          `it has two files "stdout"`,
		"command: weave ps\ncommand: vernemq ping\nexit: 0\n-- stdout --\n": `it has two lines "command:"`,
	} {
		a, err := explain.Archive([]byte(src))
		if err == nil || !strings.Contains(err.Error(), why) || !reflect.DeepEqual(a, answer.Answer{}) {
			t.Errorf("%q: %+v, %v, want the error %q", src, a, err, why)
		}
	}
}
