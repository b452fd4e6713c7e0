package conf_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"vmqbot/conf"
)

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       map[string]string
	}{
		{"nothing", "", map[string]string{}},
		{"comments and blanks", "# a\n\n  \t\n   # b\n", map[string]string{}},
		{"blanks around", "  nodename\t=  VerneMQ@10.0.0.1  \n", map[string]string{"nodename": "VerneMQ@10.0.0.1"}},
		{"no blanks", "a=b", map[string]string{"a": "b"}},
		{"a comment behind", "a = b # c\nd = e#f\n", map[string]string{"a": "b", "d": "e"}},
		{"an editor of another system", "a = b\r\nc = d\r\n", map[string]string{"a": "b", "c": "d"}},
		{"equals and blanks inside", "a = b = c d\n", map[string]string{"a": "b = c d"}},
		{"quotes hold a #", "a = 'b#c' # d\n", map[string]string{"a": "'b#c'"}},
		{"quotes that hold nothing together", "a = 'b'c # d\n", map[string]string{"a": "'b'c"}},
		{"a quote alone", "a = 'b#c\n", map[string]string{"a": "'b"}},
		{"the last wins", "a = 1\na = 2\n", map[string]string{"a": "2"}},
		{"a key that is called include", "include = 5\n", map[string]string{"include": "5"}},
		{"a listener", "listener.tcp.default = 0.0.0.0:1883\n", map[string]string{"listener.tcp.default": "0.0.0.0:1883"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := conf.Parse(row.text)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(plain(got), row.want) {
				t.Errorf("%q", plain(got))
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a = b\n\nhunter2\n":         "line 3 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
		"a =\n":                      "line 1 has no value after a. Write key = value, or start the line with #.",
		"a = # b\n":                  "line 1 has no value after a. Write key = value, or start the line with #.",
		"two words = hunter2\n":      "line 1 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
		".a = hunter2\n":             "line 1 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
		"a..b = hunter2\n":           "line 1 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
		"a = b\nc = \xff hunter2":    "line 2 is not UTF-8. Write key = value, or start the line with #.",
		"includeconf.d/*.conf\n":     "line 1 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
		"include conf.d/a conf.d/b ": "line 1 is neither a setting, an include nor a comment. Write key = value, or start the line with #.",
	} {
		_, err := conf.Parse(text)
		var syntax *conf.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestParseTellsWhatStandsTwiceAndWhatIsIncluded(t *testing.T) {
	s := settings(t, "b = 1", "a = 1", "b = 2", "include conf.d/*.conf # as packaged", "a = 2", "b = 3")
	var got []string
	for _, p := range s.Problems() {
		if p.Stops {
			t.Errorf("%s would stop", p)
		}
		got = append(got, p.String())
	}
	want := []string{
		"b stands on lines 1, 3 and 6, and VerneMQ takes the last one without a word. Keep one of them.",
		"a stands on lines 2 and 5, and VerneMQ takes the last one without a word. Keep one of them.",
		"the file includes conf.d/*.conf, which overrides it and which the next deploy no longer reads. Move those settings into the fleet file.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestParseHidesSecrets(t *testing.T) {
	s := settings(t, "distributed_cookie = "+hush, "vmq_diversity.redis.password = "+hush, "vmq_webhooks.w.endpoint = http://u:"+hush+"@h/")
	if text := fmt.Sprintf("%v %+v %#v", s, s, s); strings.Contains(text, hush) {
		t.Errorf("it prints %s", text)
	}
	if w, ok := s.Get("distributed_cookie"); !ok || w.Reveal() != hush {
		t.Error("the cookie cannot be had at all")
	}
	if _, ok := s.Get("nodename"); ok {
		t.Error("a key that is not there is found")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("nodename = VerneMQ@10.0.0.1\r\n# x\ninclude conf.d/*.conf\na='b#c' # d\n")
	f.Add("a = ' '#\n=\n. = ..\n\x00 = 1\na\\.b = c")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := conf.Parse(text)
		if err != nil {
			var syntax *conf.SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		var b strings.Builder
		for _, key := range first.Keys() {
			w, _ := first.Get(key)
			if w.Reveal() == "" || strings.Contains(w.Reveal(), "\n") {
				t.Fatalf("%q has the value %q", key, w.Reveal())
			}
			b.WriteString(key + " = " + w.Reveal() + "\r\n")
		}
		second, err := conf.Parse(b.String())
		if err != nil || len(second.Twice) > 0 {
			t.Fatalf("what was read cannot be read again: %v %v\n%q", err, second.Twice, b.String())
		}
		if cs := conf.Diff(first, second); len(cs) > len(first.Includes) {
			t.Errorf("read twice it differs: %v", cs)
		}
	})
}
