package clique

import (
	"fmt"
	"slices"
	"strings"
)

// parse returns bad when the words do not fit, in clique's own text.
func (c Command) parse(words []string) (a Args, format string, help bool, bad string) {
	var strange []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--help" || w == "-h":
			help = true
		case strings.HasPrefix(w, "--format"):
			_, format, _ = strings.Cut(w, "=")
		case strings.HasPrefix(w, "-"):
			name, value, given := strings.Cut(strings.TrimLeft(w, "-"), "=")
			f, ok := c.flag(name, strings.HasPrefix(w, "--"))
			if !ok {
				strange = append(strange, name)
				continue
			}
			if f.Value && !given && i+1 < len(words) {
				i++
				value = words[i]
			}
			a.Flags = append(a.Flags, Pair{f.Long, value})
		default:
			key, value, given := strings.Cut(w, "=")
			switch {
			case given && value == "":
				bad = fmt.Sprintf("Empty value in argument: %q", key)
			case given && (c.FreeKeys || slices.Contains(c.Keys, key)):
				a.Keys = append(a.Keys, Pair{key, value})
			case !given && c.FreeKeys:
				a.Words = append(a.Words, w)
			default:
				bad = fmt.Sprintf("Invalid key: %q", key)
			}
		}
	}
	if bad == "" && len(strange) > 0 {
		bad = c.badFlags(strange)
	}
	return a, format, help, bad
}

// badFlags differs between commands that take flags and those that take none.
func (c Command) badFlags(names []string) string {
	if len(c.Flags) > 0 {
		return fmt.Sprintf("Invalid key: %q", names[0])
	}
	return `Invalid Flags: ["` + strings.Join(names, `","`) + `"]`
}

func (c Command) flag(name string, long bool) (Flag, bool) {
	for _, f := range c.Flags {
		if long && f.Long == name || !long && f.Short == name {
			return f, true
		}
	}
	return Flag{Long: name}, c.AnyFlag
}
