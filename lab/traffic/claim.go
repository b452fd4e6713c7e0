package traffic

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// figures are what a claim can be about, by their names in the JSON.
var figures = map[string]func(Counts) int64{
	"connects":           func(c Counts) int64 { return int64(c.Connects) },
	"refused":            func(c Counts) int64 { return int64(c.Refused) },
	"unreachable":        func(c Counts) int64 { return int64(c.Unreachable) },
	"cut":                func(c Counts) int64 { return int64(c.Cut) },
	"silent":             func(c Counts) int64 { return int64(c.Silent) },
	"skipped":            func(c Counts) int64 { return int64(c.Skipped) },
	"published":          func(c Counts) int64 { return int64(c.Published) },
	"acknowledged":       func(c Counts) int64 { return int64(c.Acknowledged) },
	"received":           func(c Counts) int64 { return int64(c.Received) },
	"lost":               func(c Counts) int64 { return int64(c.Lost) },
	"duplicates":         func(c Counts) int64 { return int64(c.Duplicates) },
	"subscribe_failures": func(c Counts) int64 { return int64(c.SubscribeFailures) },
	"longest_gap_ms":     func(c Counts) int64 { return c.LongestGap },
}

var operators = map[string]func(have, want int64) bool{
	"-eq": func(have, want int64) bool { return have == want },
	"-ne": func(have, want int64) bool { return have != want },
	"-le": func(have, want int64) bool { return have <= want },
	"-lt": func(have, want int64) bool { return have < want },
	"-ge": func(have, want int64) bool { return have >= want },
	"-gt": func(have, want int64) bool { return have > want },
}

// Claim is a sentence about a report that is true or not.
type Claim struct {
	Figure   string
	From, To string // regions; "any" takes all
	Operator string
	Number   int64
}

// ParseClaim reads a claim as it is typed: a figure, perhaps the two regions,
// perhaps an operator (-eq when there is none), and a number:
//
//	lost 0
//	refused -le 2
//	lost us cn -gt 10
//	longest_gap_ms any cn -lt 5000
func ParseClaim(words []string) (Claim, error) {
	const form = "type FIGURE [FROM TO] [-eq|-ne|-le|-lt|-ge|-gt] NUMBER"
	c := Claim{From: "any", To: "any", Operator: "-eq"}
	if len(words) < 2 {
		return c, fmt.Errorf("a claim needs a figure and a number; %s", form)
	}
	c.Figure = words[0]
	if figures[c.Figure] == nil {
		return c, fmt.Errorf("there is no figure %q; it is one of %s", c.Figure, strings.Join(slices.Sorted(maps.Keys(figures)), ", "))
	}
	number, err := strconv.ParseInt(words[len(words)-1], 10, 64)
	if err != nil {
		return c, fmt.Errorf("%q is no number; %s", words[len(words)-1], form)
	}
	c.Number = number
	rest := words[1 : len(words)-1]
	if n := len(rest); n > 0 && strings.HasPrefix(rest[n-1], "-") {
		c.Operator, rest = rest[n-1], rest[:n-1]
	}
	if operators[c.Operator] == nil {
		return c, fmt.Errorf("there is no operator %q; %s", c.Operator, form)
	}
	switch len(rest) {
	case 0:
	case 2:
		c.From, c.To = rest[0], rest[1]
	default:
		return c, fmt.Errorf("a claim is about two regions or about all; %s", form)
	}
	return c, nil
}

// Holds says whether the claim is true of the report, and what the report
// says instead of the number. The error is a region that had no traffic.
func (c Claim) Holds(r Report) (bool, int64, error) {
	var have Counts
	found := false
	for _, p := range r.Pairs {
		if (c.From == "any" || c.From == p.From) && (c.To == "any" || c.To == p.To) {
			found = true
			have.add(p.Counts)
		}
	}
	if !found {
		return false, 0, fmt.Errorf("no traffic went from %s to %s", c.From, c.To)
	}
	for _, s := range r.Subscribers {
		if c.To == "any" || c.To == s.At {
			have.SubscribeFailures += s.SubscribeFailures
		}
	}
	value := figures[c.Figure](have)
	return operators[c.Operator](value, c.Number), value, nil
}

// String is the claim as it is typed.
func (c Claim) String() string {
	words := []string{c.Figure}
	if c.From != "any" || c.To != "any" {
		words = append(words, c.From, c.To)
	}
	return strings.Join(append(words, c.Operator, strconv.FormatInt(c.Number, 10)), " ")
}
