package checks

import (
	"slices"
	"sync"
)

// Causes names every check whose Bad may be what a Bad of this check comes
// from: what it needs, what it names beside that, and theirs in turn. One
// graph: what closes a check and what explains it are the same arrows. The
// list is shared; nobody may write into it.
func Causes(name string) []string { return causes()[name] }

var causes = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for name := range registered {
		all[name] = slices.Clip(causesOf(name, nil))
	}
	return all
})

func causesOf(name string, found []string) []string {
	c := registered[name]
	for _, cause := range slices.Concat(c.Needs, c.Causes) {
		if !slices.Contains(found, cause) {
			found = causesOf(cause, append(found, cause))
		}
	}
	return found
}
