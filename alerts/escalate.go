package alerts

import (
	"fmt"
	"slices"
	"time"

	"vmqbot/checks"
	"vmqbot/regions"
)

// Whom names who is paged at a step; Paged knows their ids.
type Whom string

// Who is paged.
const (
	OnCall   Whom = "on-call"   // the group
	First    Whom = "first"     // whoever is on call now
	Second   Whom = "second"    // whoever is next
	Managers Whom = "managers"  // when none of these has answered
	Everyone Whom = "all those" // all of them once more
)

// person is who stands at a place of the list, from 0.
func person(i int) Whom {
	if i < 2 {
		return []Whom{First, Second}[i]
	}
	return Whom(fmt.Sprintf("person %d", i+1))
}

// Rung is one step of an escalation.
type Rung struct {
	After time.Duration // since it was told
	Whom  Whom
}

const (
	firstAfter = 5 * time.Minute  // the first person, after the group
	eachAfter  = 15 * time.Minute // the second, and each one after

	// Rounds is how often everybody is paged once more, at most.
	Rounds = 5
)

// Ladder says who is paged when, while nobody has acknowledged: the group, then
// person by person, then managers, then all of them a limited number of times.
// people is how many are on the list; two steps are kept for a shorter one. What
// is only worth knowing pages nobody.
func Ladder(s checks.Severity, people int) []Rung {
	switch s {
	case checks.Critical:
		l := []Rung{{0, OnCall}, {firstAfter, First}}
		people = max(people, 2)
		for i := 1; i < people; i++ {
			l = append(l, Rung{time.Duration(i) * eachAfter, person(i)})
		}
		return again(append(l, Rung{time.Duration(people) * eachAfter, Managers}), 30*time.Minute)
	case checks.Warning:
		return again([]Rung{{15 * time.Minute, OnCall}}, 4*time.Hour)
	default:
		return nil
	}
}

// again repeats the last page, to everyone.
func again(l []Rung, every time.Duration) []Rung {
	last := l[len(l)-1].After
	for i := range Rounds {
		l = append(l, Rung{last + time.Duration(i+1)*every, Everyone})
	}
	return l
}

// due is how many steps have come since an alert was told, and who is paged by
// the last of them.
func due(s checks.Severity, people int, told time.Duration) (steps int, whom Whom) {
	for _, r := range Ladder(s, people) {
		if told < r.After {
			break
		}
		steps, whom = steps+1, r.Whom
	}
	return steps, whom
}

// Paged are the ids of those whom a step pages. While anybody is on the list a
// step pages somebody: where it has nobody of its own it pages the nearest who
// came before, or else all of them. Nobody at all is an empty list.
func Paged(o regions.OnCall, w Whom) []string {
	group := o.Group
	everyone := []string{}
	for _, id := range slices.Concat(some(group), o.People, o.Managers) {
		if !slices.Contains(everyone, id) {
			everyone = append(everyone, id)
		}
	}
	ids := []string{}
	switch w {
	case OnCall:
		if ids = some(group); len(ids) == 0 && len(o.People) > 0 {
			ids = o.People[:1]
		}
	case Managers:
		ids = o.Managers
	case Everyone:
		ids = everyone
	default:
		for i, id := range o.People {
			ids = []string{id}
			if person(i) == w {
				break
			}
		}
		if len(ids) == 0 {
			ids = some(group)
		}
	}
	if len(ids) == 0 {
		return everyone
	}
	return slices.Clone(ids)
}

func some(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
