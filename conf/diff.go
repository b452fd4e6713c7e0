package conf

import (
	"maps"
	"slices"
	"strings"

	"vmqbot/secret"
)

// Change is one difference between two files.
type Change struct {
	Key      string
	Old, New secret.Word
	Had, Has bool // whether the key stands in the old file, and in the new one
}

// keyInclude names the includes of a file among its changes.
const keyInclude = "include"

// Diff lists what changes from have to want, in the order of the written
// file. An include that goes is a change too: what it overrode holds again.
func Diff(have, want Settings) []Change {
	both := maps.Clone(want.Words)
	if both == nil {
		both = map[string]secret.Word{}
	}
	maps.Copy(both, have.Words)
	var changes []Change
	for _, key := range (Settings{Words: both}).Keys() {
		c := Change{Key: key}
		c.Old, c.Had = have.Get(key)
		c.New, c.Has = want.Get(key)
		if c.Had != c.Has || c.Old.Reveal() != c.New.Reveal() {
			changes = append(changes, c)
		}
	}
	for _, name := range have.Includes {
		if !slices.Contains(want.Includes, name) {
			changes = append(changes, Change{Key: keyInclude, Old: secret.Plain(name), Had: true})
		}
	}
	return changes
}

// String is the change as a diff shows it, one or two lines without an end of
// line. A secret is only said to be another.
func (c Change) String() string {
	old, new := c.Old, c.New
	if old.IsHidden() || new.IsHidden() { // one alone would give the other away
		old, new = secret.Hidden(old.Reveal()), secret.Hidden(new.Reveal())
	}
	var both []string
	if c.Had {
		both = append(both, "- "+c.line(old))
	}
	if c.Has {
		both = append(both, "+ "+c.line(new))
	}
	if c.Had && c.Has && new.IsHidden() {
		both[1] += " (another)"
	}
	return strings.Join(both, "\n")
}

func (c Change) line(w secret.Word) string {
	if c.Key == keyInclude {
		return keyInclude + " " + w.String()
	}
	return c.Key + " = " + w.String()
}
