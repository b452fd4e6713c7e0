package speech

import "strings"

// Left are the English words that saying a text has left in it: words of prose,
// outside code and quotes, in lines that hold some. It is for tests, which ask
// whether a catalog is whole.
func Left(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		for _, w := range strings.Fields(open(line)) {
			all = append(all, proseWords(w)...)
		}
	}
	return all
}
