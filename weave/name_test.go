package weave

import (
	"regexp"
	"testing"
)

// What is a MAC is what the pattern says that the other patterns are made of:
// with any byte at any place, one too few or one too many.
func TestIsMAC(t *testing.T) {
	whole := regexp.MustCompile(`\A` + mac + `\z`)
	is := func(s string) {
		t.Helper()
		if isMAC(s) != whole.MatchString(s) {
			t.Errorf("%q: %v", s, isMAC(s))
		}
	}
	const good = "f2:4e:bf:29:ae:09"
	for at := range len(good) {
		for b := range 256 {
			is(good[:at] + string([]byte{byte(b)}) + good[at+1:])
		}
		is(good[:at])
		is(good[:at] + good[at:at+1] + good[at:])
	}
	is(good)
	is(good + "\n")
	is("")
}
