package regions

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// word reads one value of a kind. A reference is refused here: only conf
// values, secrets and addresses of web services may hold one.
func (r *reader) word(dst *string, g grammar) func(value) {
	return func(v value) {
		s, ok := v.text()
		switch {
		case !ok:
			r.refuse(v, g.fix, "%s is not one value.", v.name)
		case strings.Contains(s, "${"):
			r.refuse(v, "Write the value itself.", "%s holds a reference; only conf values, secrets and addresses of web services may.", v.name)
		case !g.ok(s):
			r.refuse(v, g.fix, "%s %s is not %s.", v.name, shown(s), g.is)
		default:
			*dst = s
		}
	}
}

// number reads a whole number from lo to hi.
func (r *reader) number(dst *int, lo, hi int) func(value) {
	return func(v value) {
		s, ok := v.text()
		n, err := strconv.Atoi(s)
		if !ok || err != nil || n < lo || n > hi {
			r.refuse(v, "Write a whole number from "+strconv.Itoa(lo)+" to "+strconv.Itoa(hi)+".",
				"%s is not a number from %d to %d.", v.said(), lo, hi)
			return
		}
		*dst = n
	}
}

// port reads a TCP port.
func (r *reader) port(dst *int) func(value) { return r.number(dst, 1, 65535) }

// ports reads a list of different TCP ports.
func (r *reader) ports(dst *[]int) func(value) {
	return func(v value) {
		*dst = nil
		r.list(v, func(v value) {
			var n int
			r.port(&n)(v)
			if n != 0 && slices.Contains(*dst, n) {
				r.refuse(v, "Write each port once.", "%s names %d twice.", v.name, n)
				return
			}
			*dst = append(*dst, n)
		})
	}
}

// words reads a list of different values of a kind.
func (r *reader) words(dst *[]string, g grammar) func(value) {
	return func(v value) {
		*dst = []string{}
		r.list(v, func(v value) {
			var s string
			r.word(&s, g)(v)
			if s != "" && slices.Contains(*dst, s) {
				r.refuse(v, "Write each id once.", "%s names %s twice.", v.name, s)
				return
			}
			*dst = append(*dst, s)
		})
	}
}

// flag reads true or false.
func (r *reader) flag(dst *bool) func(value) {
	return func(v value) {
		switch s, _ := v.text(); s {
		case "true":
			*dst = true
		case "false":
			*dst = false
		default:
			r.refuse(v, "Write true or false.", "%s is neither true nor false.", v.said())
		}
	}
}

// duration reads a length of time with its unit, from lo to hi.
func (r *reader) duration(dst *time.Duration, lo, hi time.Duration) func(value) {
	return func(v value) {
		s, ok := v.text()
		d, err := time.ParseDuration(s)
		switch {
		case !ok || err != nil:
			r.refuse(v, "Write a number with its unit, as 30s, 5m or 1h.", "%s is not a length of time.", v.said())
		case d < lo || d > hi:
			r.refuse(v, "Write a length of time between "+lo.String()+" and "+hi.String()+".",
				"%s is not between %s and %s.", v.said(), lo, hi)
		default:
			*dst = d
		}
	}
}

// oneOf reads one word of a short list.
func (r *reader) oneOf(dst *string, words ...string) func(value) {
	return func(v value) {
		s, _ := v.text()
		if !slices.Contains(words, s) {
			r.refuse(v, "Write "+strings.Join(words, " or ")+".", "%s is not known.", v.said())
			return
		}
		*dst = s
	}
}

// said is the name of a place and what stands there.
func (v value) said() string {
	if s, ok := v.text(); ok {
		return v.name + " " + shown(s)
	}
	return v.name
}
