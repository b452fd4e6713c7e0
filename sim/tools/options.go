package tools

import (
	"path"
	"strings"

	"vmqbot/sim/kernel"
)

// options are what getopt(3) makes of a command line.
type options struct {
	values map[string]string // by letter or long name; "" for one without value
	args   []string
}

func (o options) has(names ...string) bool {
	for _, n := range names {
		if _, ok := o.values[n]; ok {
			return true
		}
	}
	return false
}

// get is the value of an option.
func (o options) get(name, otherwise string) string {
	if v, ok := o.values[name]; ok {
		return v
	}
	return otherwise
}

// parse reads options as getopt does. letters are single options, a colon
// behind one asks for a value, two take one that is in the same word; a plus in front ends the options with the first
// other word. long are long options, "name" or "name=".
func parse(p *kernel.Process, letters string, long ...string) (options, bool) {
	o := options{values: map[string]string{}}
	letters, posix := strings.CutPrefix(letters, "+")
	args := p.Argv[1:]
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		switch {
		case word == "--":
			o.args = append(o.args, args...)
			return o, true
		case strings.HasPrefix(word, "--"):
			rest, ok := o.long(p, word[2:], args, long)
			if !ok {
				return o, false
			}
			args = rest
		case len(word) > 1 && word[0] == '-':
			rest, ok := o.letters(p, word[1:], args, letters)
			if !ok {
				return o, false
			}
			args = rest
		default:
			o.args = append(o.args, word)
			if posix {
				o.args = append(o.args, args...)
				return o, true
			}
		}
	}
	return o, true
}

func (o options) long(p *kernel.Process, word string, args, long []string) (rest []string, ok bool) {
	name, value, given := strings.Cut(word, "=")
	for _, l := range long {
		want, takes := strings.CutSuffix(l, "=")
		if want != name {
			continue
		}
		if takes && !given {
			if len(args) == 0 {
				complain(p, "option '--%s' requires an argument", name)
				return nil, false
			}
			value, args = args[0], args[1:]
		}
		o.values[name] = value
		return args, true
	}
	complain(p, "unrecognized option '--%s'", name)
	p.Errorf("Try '%s --help' for more information.\n", self(p))
	return nil, false
}

func (o options) letters(p *kernel.Process, cluster string, args []string, letters string) (rest []string, ok bool) {
	for i := range len(cluster) {
		at := strings.IndexByte(letters, cluster[i])
		if at < 0 || cluster[i] == ':' {
			complain(p, "invalid option -- '%c'", cluster[i])
			p.Errorf("Try '%s --help' for more information.\n", self(p))
			return nil, false
		}
		name := cluster[i : i+1]
		if at+1 == len(letters) || letters[at+1] != ':' {
			o.values[name] = ""
			continue
		}
		value, optional := cluster[i+1:], strings.HasPrefix(letters[at+1:], "::")
		if value == "" && !optional {
			if len(args) == 0 {
				complain(p, "option requires an argument -- '%s'", name)
				return nil, false
			}
			value, args = args[0], args[1:]
		}
		if old, twice := o.values[name]; twice {
			value = old + "\n" + value // as grep's patterns
		}
		o.values[name] = value
		return args, true
	}
	return args, true
}

// self is the name that the program was called by.
func self(p *kernel.Process) string { return path.Base(p.Argv[0]) }

// complain prints an error as GNU programs do: NAME: WHAT.
func complain(p *kernel.Process, format string, args ...any) {
	p.Errorf("%s: "+format+"\n", append([]any{self(p)}, args...)...)
}

// cannot prints an error of a file: NAME: FILE: REASON.
func cannot(p *kernel.Process, file string, err error) int {
	complain(p, "%s: %s", file, kernel.Reason(err))
	return 1
}
