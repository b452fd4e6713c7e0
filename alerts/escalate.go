package alerts

import (
	"time"

	"vmqbot/checks"
)

// Whom names who is paged at a step; the door knows their ids.
type Whom string

// Who is paged.
const (
	OnCall   Whom = "on-call"   // the group
	First    Whom = "first"     // whoever is on call now
	Second   Whom = "second"    // whoever is next
	Managers Whom = "managers"  // and the channel of everybody
	Everyone Whom = "all those" // all of them once more
)

// rung is one step of an escalation.
type rung struct {
	After time.Duration // since it was told
	Whom  Whom
}

// ladders say who is paged when, while nobody has acknowledged. What is only
// worth knowing pages nobody.
var ladders = map[checks.Severity][]rung{
	checks.Critical: rounds([]rung{{0, OnCall}, {5 * time.Minute, First}, {15 * time.Minute, Second}, {30 * time.Minute, Managers}}, 30*time.Minute, 5),
	checks.Warning:  rounds([]rung{{15 * time.Minute, OnCall}}, 4*time.Hour, 5),
}

// rounds repeats the last page, a limited number of times.
func rounds(l []rung, every time.Duration, times int) []rung {
	last := l[len(l)-1].After
	for i := range times {
		l = append(l, rung{last + time.Duration(i+1)*every, Everyone})
	}
	return l
}

// due is how many steps have come since an alert was told, and who is paged by
// the last of them.
func due(s checks.Severity, told time.Duration) (steps int, whom Whom) {
	for _, r := range ladders[s] {
		if told < r.After {
			break
		}
		steps, whom = steps+1, r.Whom
	}
	return steps, whom
}
