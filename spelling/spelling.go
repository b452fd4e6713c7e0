// Package spelling finds the word that was meant: it counts the letters by
// which two words differ.
package spelling

import "slices"

// Slips is how many letters may be wrong in a word that is offered.
const Slips = 2

// Nearest returns the first of the known words with the fewest letters to
// change to make it of word: at most Slips, and fewer than it has itself, since
// every word of two letters can be made of every other. "" is none.
func Nearest(word string, known []string) string {
	best, fewest := "", Slips+1
	for _, k := range known {
		if d := Distance(word, k); d < fewest && d < len(k) {
			best, fewest = k, d
		}
	}
	return best
}

// Closest returns the n known words that are nearest to word, however far,
// nearest first; of equals the one that is known first. When fewer than n are
// known it returns all.
func Closest(word string, known []string, n int) []string {
	sorted := slices.Clone(known)
	slices.SortStableFunc(sorted, func(a, b string) int { return Distance(word, a) - Distance(word, b) })
	return sorted[:min(n, len(sorted))]
}

// Distance is the number of letters to add, remove or change between two words
// (Levenshtein). A letter is a code point.
func Distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	row := make([]int, len(b)+1) // between what was read of a and each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}
