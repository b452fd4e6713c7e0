package bot

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"vmqbot/secret"
)

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                               nil,
		"  status   cn ":                 {"status", "cn"},
		"logs cn -n 5":                   {"logs", "cn", "-n", "5"},
		"logs cn \u2013n 5":              {"logs", "cn", "-n", "5"},
		"reattach cn \u2014drop-clients": {"reattach", "cn", "--drop-clients"},
		"reattach cn \u2013drop-clients": {"reattach", "cn", "--drop-clients"},
		"deploy eu \u2014image=a:1":      {"deploy", "eu", "--image=a:1"},
		"status \u201ccn\u201d":          {"status", "cn"},
		"status \u2018cn\u2019":          {"status", "cn"},
		"status\u00a0cn\u200b":           {"status", "cn"},
		`say "two words" 'and more'`:     {"say", "two words", "and more"},
		"it's":                           {"it's"},
		"deploy eu --image <http://a.b/c|a.b/c:1>": {"deploy", "eu", "--image", "a.b/c:1"},
		"status <http://cn-1>":                     {"status", "http://cn-1"},
		"ask <@U0ANA|ana>":                         {"ask", "ana"},
		"a &amp;&lt;b&gt;":                         {"a", "&<b>"},
		"&amp;copy; &amp;lt;":                      {"&copy;", "&lt;"},
		"rm -rf $(reboot) ; `id`":                  {"rm", "-rf", "$(reboot)", ";", "`id`"},
		`""`:                                       {""},
	} {
		got, err := Words(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is read as %q, %v; want %q", in, got, err, want)
		}
	}
	for in, says := range map[string]string{strings.Repeat("\u00e4", 501): "501 characters", `a "b`: "never closed", "\u201cx": "never closed"} {
		if _, err := Words(in); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"status cn", "\u2014x", `"`, "<a|b>", "&lt;!channel&gt;", "<<>>|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, err := Words(s)
		if err != nil {
			return
		}
		for _, w := range words {
			if len(w) > 4*longest {
				t.Errorf("%d bytes grew out of %d", len(w), len(s))
			}
		}
	})
}

// Whatever goes in, a page stays within Slack's limits and shows no secret.
func FuzzPage(f *testing.F) {
	f.Add("text", "code\nmore", uint(3))
	f.Add(strings.Repeat("&<>", 5000), strings.Repeat("```\n", 4000), uint(200))
	f.Fuzz(func(t *testing.T, text, code string, n uint) {
		p := newPage(voice{red: secret.NewRedactor("hunter2")}, text)
		p.head(text)
		for range n % 60 {
			p.say(p.escape(text)).note(p.escape(text))
			p.code(code + " hunter2")
		}
		if len(p.blocks) > 50 || p.size > mostTotal {
			t.Errorf("%d blocks, %d bytes", len(p.blocks), p.size)
		}
		for i, s := range texts(p) {
			if n := utf8.RuneCountInString(s); n > 4000 || i > 0 && n > 3000 || strings.Contains(s, "hunter2") || strings.Contains(s, "<!") || strings.ContainsAny(s, "\x00\x1b\u202e") {
				t.Errorf("%q", s)
			}
		}
	})
}

func TestTextOfOthersIsHarmless(t *testing.T) {
	p := newPage(voice{red: secret.NewRedactor()}, "")
	if got := p.escape("<!channel> <@U0ANA> & \x1b[2J \u202e xoxb-0123456789-abc"); got != "&lt;!channel&gt; &lt;@U0ANA&gt; &amp; \ufffd[2J \ufffd [redacted]" {
		t.Errorf("%q", got)
	}
	if got := fence("a ``` b"); got != "```\na ''' b\n```" {
		t.Errorf("%q", got)
	}
	if got := shorten("abc&amp;def", 6); got != "abc\u2026" {
		t.Errorf("%q", got)
	}
}
