package wire_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// nasty is what people type, paste and try: each must come back from a real
// shell as it was, or be refused before anything is sent.
var nasty = []string{
	"", " ", "  two  spaces  ", "\t", "\n", "line\nline\n", "\r\n", "a\\nb",
	"'", "''", `"`, `"'"`, "it's", `it"s`, `\`, `\\`, `\'`, `trailing\`, "`", "``",
	"$", "$$", "$HOME", "${HOME}", "$(id)", "`id`", "$((1+1))", "$'x'", `$"x"`, "$?",
	"; id", "& id", "&& id", "|| id", "| id", "> /tmp/x", "< /etc/passwd", ">> x", "2>&1", "<(id)",
	"*", "?", "[a-z]", "{a,b}", "{1..3}", "~", "~root", "a=~/b", "#", "# comment", "!", "!!", "!id", "^a^b",
	"-", "--", "-n", "--help", "-rf", "-e x", "=", "A=b", "A=b c", "%s", "%d%n", `\x41`, `\101`,
	"if", "then", "fi", "do", "done", "{", "}", "(", ")", "[[", "]]", "function", "time", "!", "case", "esac", "in",
	"“cn”", "‘cn’", "«cn»", "cn–1", "cn—1", "cn\u00a01", "vernemq\u200b-cn", "a\u200db", "\ufeffcn", "a\u2028b", "\u202ecn",
	"中国", "🚀", "é", "e\u0301", "\x01", "\x1b[31mred", "\x7f", "\b", "\a", "\v", "\f", "\x80", "\xff\xfe", "a\xc3", "\xed\xa0\x80",
	"cn; rm -rf /", "cn' ; id ; '", `cn" ; id ; "`, "cn\nid", "cn\rid", "$(touch /tmp/vmqbot-was-here)",
	strings.Repeat("'", 500), strings.Repeat("x", 100_000),
	"COMMAND", "SIZE", "SIGNAL", "FINISH", "EOF", "exec 3<&0", "_", "w=$!",
}

func TestEveryWordArrivesVerbatim(t *testing.T) {
	t.Parallel()
	bothWays(t, testEveryWordArrivesVerbatim)
}

func testEveryWordArrivesVerbatim(t *testing.T, w way) {
	h, _ := w.host(t)
	for _, w := range nasty {
		out, exit := run(t, h, "printf", "%s\n", w)
		if out != w+"\n" || exit != 0 {
			t.Errorf("%.60q came back as %.60q, exit %d", w, out, exit)
		}
	}
}

func TestWordsStayApart(t *testing.T) {
	t.Parallel()
	bothWays(t, testWordsStayApart)
}

func testWordsStayApart(t *testing.T, w way) {
	h, _ := w.host(t)
	var short []string
	for _, w := range nasty {
		if len(w) < 1000 {
			short = append(short, w)
		}
	}
	// The same words once more as input and behind the watchdog's other form.
	for _, stdin := range [][]byte{nil, []byte("in")} {
		a, err := use(t, h).Run(within(t, patience), secret.Words(append([]string{"printf", "[%s]"}, short...)...), wire.RunOptions{Stdin: stdin})
		if want := "[" + strings.Join(short, "][") + "]"; err != nil || a.Stdout != want {
			t.Errorf("words ran together, error %v:\n%q\nwant\n%q", err, a.Stdout, want)
		}
	}
}

func TestStreamsQuoteToo(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	for _, w := range nasty {
		st, err := h.Stream(within(t, patience), secret.Words("printf", "%s\\0", w))
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Stdout.ReadString(0)
		if err != nil || got != w+"\x00" {
			t.Errorf("%.60q came back as %.60q, error %v", w, got, err)
		}
		_ = st.Close()
	}
}

func TestNulIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	h, s := aHost(t)
	for _, argv := range [][]string{
		{"printf", "a\x00b"}, {"printf", "\x00"}, {"pri\x00ntf"}, {"printf", "“\x00”"}, {"x", "\xff\x00"},
	} {
		_, err := h.Run(within(t, patience), secret.Words(argv...), wire.RunOptions{})
		wantError(t, err, facts.Failed, ops.Invalid, "NUL")
		_, err = h.Stream(within(t, patience), secret.Words(argv...))
		wantError(t, err, facts.Failed, ops.Invalid, "NUL")
	}
	for _, argv := range [][]string{nil, {""}, {"", "x"}} {
		_, err := h.Run(within(t, patience), secret.Words(argv...), wire.RunOptions{})
		wantError(t, err, facts.Failed, ops.Invalid, "there is no command")
	}
	if strings.Contains(s.Log(), "Accepted") {
		t.Error("something was sent")
	}
}

func TestACommandNamedLikeAWordOfTheShellIsNone(t *testing.T) {
	t.Parallel()
	bothWays(t, testACommandNamedLikeAWordOfTheShellIsNone)
}

func testACommandNamedLikeAWordOfTheShellIsNone(t *testing.T, w way) {
	h, _ := w.host(t)
	for _, name := range []string{"if", "cd", "A=b", "exit", "-c", "--version", "eval", "$(id)", "“true”"} {
		if out, exit := run(t, h, name, "x"); exit == 0 || strings.Contains(out, "uid=") {
			t.Errorf("%q ran: exit %d, %q", name, exit, out)
		}
	}
}

func FuzzEveryWordArrivesVerbatim(f *testing.F) {
	for _, w := range nasty {
		f.Add(w)
	}
	h, _ := aHost(f)
	f.Fuzz(func(t *testing.T, w string) {
		if len(w) > 10_000 {
			return
		}
		a, err := h.Run(within(t, patience), secret.Words("printf", "%s", w), wire.RunOptions{})
		switch {
		case strings.Contains(w, "\x00"):
			wantError(t, err, facts.Failed, ops.Invalid, "NUL")
		case err != nil || a.Stdout != w:
			t.Errorf("%q (valid UTF-8: %v) came back as %q, error %v", w, utf8.ValidString(w), a.Stdout, err)
		}
	})
}
