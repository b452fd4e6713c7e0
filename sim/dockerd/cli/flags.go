package cli

import (
	"fmt"
	"strings"
)

// flags are the flags of one call by long name: a flag that takes no value
// has "true".
type flags map[string][]string

func (f flags) has(name string) bool {
	v := f[name]
	return len(v) > 0 && v[len(v)-1] != "false"
}

func (f flags) last(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// spec reads what flags a verb has: words NAME or S|NAME, with = at the end of
// those that take a value.
func spec(text string) (long map[string]bool, short map[byte]string) {
	long, short = map[string]bool{"help": false}, map[byte]string{}
	for _, w := range strings.Fields(text) {
		name, value := strings.CutSuffix(w, "=")
		if s, l, ok := strings.Cut(name, "|"); ok {
			name = l
			short[s[0]] = l
		}
		long[name] = value
	}
	return long, short
}

// parse splits the words of a call into flags and arguments.
func (s *session) parse(v *verb, words []string) error {
	s.set = flags{}
	long, short := spec(v.spec)
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		switch {
		case w == "--":
			s.args = append(s.args, words...)
			return nil
		case strings.HasPrefix(w, "--"):
			name, value, given := strings.Cut(w[2:], "=")
			takes, known := long[name]
			switch {
			case !known:
				return fmt.Errorf("unknown flag: --%s", name)
			case given:
			case !takes:
				value = "true"
			case len(words) == 0:
				return fmt.Errorf("flag needs an argument: --%s", name)
			default:
				value, words = words[0], words[1:]
			}
			s.set[name] = append(s.set[name], value)
		case len(w) > 1 && w[0] == '-':
			rest, err := s.shorts(w[1:], words, long, short)
			if err != nil {
				return err
			}
			words = rest
		default:
			s.args = append(s.args, w)
			if v.early {
				s.args = append(s.args, words...)
				return nil
			}
		}
	}
	return nil
}

// shorts reads letters: each is a flag, and the first that takes a value takes
// the rest, or the next word.
func (s *session) shorts(letters string, words []string, long map[string]bool, short map[byte]string) ([]string, error) {
	for i := 0; i < len(letters); i++ {
		name, known := short[letters[i]]
		if !known {
			return nil, fmt.Errorf("unknown shorthand flag: '%c' in -%s", letters[i], letters)
		}
		if !long[name] {
			s.set[name] = append(s.set[name], "true")
			continue
		}
		value := strings.TrimPrefix(letters[i+1:], "=")
		if value == "" {
			if len(words) == 0 {
				return nil, fmt.Errorf("flag needs an argument: '%c' in -%s", letters[i], letters)
			}
			value, words = words[0], words[1:]
		}
		s.set[name] = append(s.set[name], value)
		return words, nil
	}
	return words, nil
}
