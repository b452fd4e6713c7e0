package checks

import "testing"

// TestTally: of those that were counted equally often it is the first one that was.
func TestTally(t *testing.T) {
	for _, c := range []struct {
		values, most string
		times        int
	}{
		{"", "\x00", 0},
		{"a", "a", 1},
		{"abb", "b", 2},
		{"ab", "a", 1},
		{"abba", "b", 2},
		{"abbaa", "a", 3},
		{"abcabcc", "c", 3},
	} {
		var n tally[byte]
		for i := range len(c.values) {
			n.add(c.values[i])
		}
		if most, times := n.most(); most != c.most[0] || times != c.times {
			t.Errorf("%q: %q %d times, want %q %d times", c.values, most, times, c.most, c.times)
		}
	}
}
