package regions

import (
	"regexp"
	"slices"
)

// Languages are those in which the bot speaks to people; the first one where the
// file says nothing. speech has a catalog for each of the others.
var Languages = []string{"en", "zh"}

func (r *reader) lang(v value) {
	s, _ := v.text()
	if !slices.Contains(Languages, s) {
		r.refuse(v, didYouMean(s, Languages), "%s is not known.", v.said())
		return
	}
	r.fleet.Lang = s
}

var aLanguage = regexp.MustCompile(`(?m)^lang:[ \t]*"?([a-z]+)"?[ \t]*(?:#.*)?\r?$`)

// LanguageOf is what a file says of its language, also where the rest of it is
// refused: whoever reads the refusal reads it in that language.
func LanguageOf(src []byte) string {
	if m := aLanguage.FindSubmatch(src); m != nil && slices.Contains(Languages, string(m[1])) {
		return string(m[1])
	}
	return Languages[0]
}
