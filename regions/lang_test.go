package regions_test

import (
	"strings"
	"testing"

	"vmqbot/regions"
)

func TestLang(t *testing.T) {
	for _, tt := range []struct{ line, lang, why string }{
		{"", "en", ""},
		{"lang: en", "en", ""},
		{"lang: zh # 中文", "zh", ""},
		{`lang: "zh"`, "zh", ""},
		{"lang: zhh", "", "lang zhh is not known. Write zh."},
		{"lang: german", "", "lang german is not known. Write one of en, zh."},
		{"lang: [zh]", "", "lang is not known"},
	} {
		f, err := regions.Load("f", []byte(small+tt.line+"\n"), nil)
		switch {
		case tt.why != "":
			if err == nil || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("%q: %v", tt.line, err)
			}
		case err != nil || f.Lang != tt.lang:
			t.Errorf("%q: %v, %v", tt.line, f, err)
		case regions.LanguageOf([]byte(small+tt.line+"\n")) != tt.lang:
			t.Errorf("%q: the file alone tells another language", tt.line)
		}
	}
	if regions.LanguageOf([]byte("cluster: {\nlang: zh\nregions: 5\n")) != "zh" {
		t.Error("a file that is refused has no language")
	}
}
