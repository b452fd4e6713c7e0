package regions

import (
	"errors"
	"fmt"
	"slices"
)

// Problem is one thing that is wrong with a fleet file, for the person who
// wrote it. Neither sentence ever holds the value of a secret.
type Problem struct {
	File string // as it was given to Load
	Line int    // 1 for the first line
	Msg  string // what is wrong, one sentence
	Fix  string // what to write instead, one sentence
}

// Error is "FILE:LINE: " and both sentences.
func (p *Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s %s", p.File, p.Line, p.Msg, p.Fix)
}

// Problems returns every problem that an error of Load holds, in the order of
// the file; it returns nil for any other error.
func Problems(err error) []*Problem {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // errors.Join has no other way in
		var all []*Problem
		for _, e := range joined.Unwrap() {
			all = append(all, Problems(e)...)
		}
		return all
	}
	if p := (*Problem)(nil); errors.As(err, &p) {
		return []*Problem{p}
	}
	return nil
}

// join puts problems in the order of the file, so that the first one printed
// is the first one met when reading from the top.
func join(ps []*Problem) error {
	slices.SortStableFunc(ps, func(a, b *Problem) int { return a.Line - b.Line })
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errors.Join(errs...)
}
