package checks

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

var registered = map[string]*Check{}

// register adds a check. It panics when one is incomplete, so that a
// half-written check never starts.
func register(c Check) {
	switch {
	case c.Name == "" || c.Summary == "" || c.Severity == 0:
		panic(fmt.Sprintf("check %q lacks its name, summary or severity", c.Name))
	case (c.node == nil) == (c.link == nil):
		panic(fmt.Sprintf("check %q must judge either nodes or links", c.Name))
	case registered[c.Name] != nil:
		panic(fmt.Sprintf("check %q is registered twice", c.Name))
	}
	added := &c
	added.Judge = added.all
	registered[c.Name] = added
}

// All returns every check, each after everything that it needs: by distance
// from the host, then by name.
func All() []*Check { return slices.Clone(inOrder()) }

// Find finds a check by name.
func Find(name string) (*Check, bool) {
	c, ok := registered[name]
	return c, ok
}

var inOrder = sync.OnceValue(func() []*Check {
	all := make([]*Check, 0, len(registered))
	for _, c := range registered {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Check) int {
		return cmp.Or(depth(a, nil)-depth(b, nil), cmp.Compare(a.Name, b.Name))
	})
	return all
})

// depth is the longest way from a check to one that needs nothing. It panics
// on a circle and on a need that is no check of nodes, all defects of this package.
func depth(c *Check, above []string) int {
	if slices.Contains(above, c.Name) {
		panic(fmt.Sprintf("check %q needs itself: %v", c.Name, above))
	}
	deepest := 0
	for _, name := range c.Needs {
		need, ok := registered[name]
		if !ok {
			panic(fmt.Sprintf("check %q needs %q, which is no check", c.Name, name))
		}
		if need.Link() {
			panic(fmt.Sprintf("check %q needs %q, which judges links: need a check of nodes", c.Name, name))
		}
		deepest = max(deepest, 1+depth(need, append(above, c.Name)))
	}
	return deepest
}

// ancestors returns what a check needs, directly or not, each once.
func ancestors(c *Check) []*Check {
	var found []*Check
	for _, name := range c.Needs {
		need := registered[name]
		for _, a := range append(ancestors(need), need) {
			if !slices.Contains(found, a) {
				found = append(found, a)
			}
		}
	}
	return found
}
