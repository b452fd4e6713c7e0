package lease

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

func TestFileNames(t *testing.T) {
	for lease, want := range map[string]string{
		"release/cn":   "release-cn",
		"../../etc/x":  "..-..-etc-x",
		"a b/$(id)":    "a%20b-%24(id)",
		"release/cn\n": "release-cn%0A",
	} {
		if got := baseName(lease); got != want {
			t.Errorf("%q is kept in %q, want %q", lease, got, want)
		}
	}
}

func FuzzAnyTextIsOneWordAndComesBack(f *testing.F) {
	for _, s := range []string{"", "-", "--", "%", "%2D", "%zz", "ana@host#1234", "reattach cn (4f2a91)", "\x00\n\t ", "“x”", "\xff", "*", "$(id)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := token(s)
		if strings.Fields(w)[0] != w || strings.ContainsAny(w, "*?[$`'\"\\;&|<>~!") || (w == nobody) != (s == "") {
			t.Errorf("%q is written as %q", s, w)
		}
		if back, err := untoken(w); err != nil || back != s {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
	})
}

func TestOnlyTheScriptsOwnAnswersAreRead(t *testing.T) {
	for _, a := range []answer.Answer{
		{}, {Stdout: "ok\n"}, {Stdout: "yes 1 2 3 ana because\n"}, {Stdout: "ok 1 2 3 ana because\n", Exit: 73},
		{Stdout: "ok 1 2 3 ana be%2\n"}, {Stdout: "ok 1 2 3 ana because more\n"}, {Stdout: "ok x 2 3 ana because\n"},
		{Stdout: "\n[... 9 bytes cut ...]\n"}, {Stdout: "garbled\n"},
	} {
		if word, l, err := read(a); err == nil {
			t.Errorf("%q with exit %d was read as %s %+v", a.Stdout, a.Exit, word, l)
		}
	}
	word, l, err := read(answer.Answer{Stdout: "held 7 2 3 ana%20b -\n"})
	if err != nil || word != "held" || l.Epoch != 7 || l.Holder != "ana b" || l.Reason != "" || l.Expires.Unix() != 3 {
		t.Errorf("%s %+v %v", word, l, err)
	}
}
