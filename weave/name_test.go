package weave

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// What is a MAC is what the pattern says that the other patterns are made of.
func TestIsMAC(t *testing.T) {
	whole := regexp.MustCompile(`\A` + mac + `\z`)
	texts := rapid.OneOf(
		rapid.StringMatching(mac),
		rapid.StringMatching(`([0-9a-gA-F]{1,2}[:;]?){5,6}\n?`),
		rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		if s := texts.Draw(t, "text"); isMAC(s) != whole.MatchString(s) {
			t.Fatalf("%q: %v", s, isMAC(s))
		}
	})
}
