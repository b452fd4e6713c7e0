package shell

import (
	"strconv"
	"strings"
)

// getopts reads options one at a time. POSIX getopts(1).
func getopts(s *shell, argv []string) int {
	if len(argv) < 3 {
		s.fatal("Usage: getopts optstring var [arg]")
		return 2
	}
	options, name, args := argv[1], argv[2], s.params
	if len(argv) > 3 {
		args = argv[3:]
	}
	text, _ := s.get("OPTIND")
	index, err := strconv.Atoi(text)
	if err != nil || index < 1 {
		index = 1
	}
	s.optAt = max(s.optAt, 1)
	done := func() int {
		s.optAt = 0
		s.set("OPTIND", strconv.Itoa(index))
		s.set(name, "?")
		return 1
	}
	if index > len(args) || len(args[index-1]) < 2 || args[index-1][0] != '-' {
		return done()
	}
	word := args[index-1]
	if word == "--" {
		index++
		return done()
	}
	s.optAt = min(s.optAt, len(word)-1)
	c := word[s.optAt]
	s.optAt++
	found, value, has := s.option(c, word, options, args, &index)
	delete(s.vars, "OPTARG")
	if has {
		s.set("OPTARG", value)
	}
	s.set("OPTIND", strconv.Itoa(index))
	s.set(name, found)
	return 0
}

// option is what one letter means: the name found, and its value if it has one.
func (s *shell) option(c byte, word, options string, args []string, index *int) (found, value string, has bool) {
	next := func() { *index, s.optAt = *index+1, 0 }
	if s.optAt == len(word) {
		next()
	}
	at, quiet := strings.IndexByte(options, c), strings.HasPrefix(options, ":")
	switch {
	case c == ':' || at < 0:
		if !quiet {
			s.p.Errorf("Illegal option -%c\n", c)
		}
		return "?", string(c), quiet
	case at+1 == len(options) || options[at+1] != ':':
		return string(c), "", false
	case s.optAt != 0:
		value = word[s.optAt:]
		next()
		return string(c), value, true
	case *index <= len(args):
		value = args[*index-1]
		*index++
		return string(c), value, true
	case quiet:
		return ":", string(c), true
	}
	s.p.Errorf("No arg for -%c option\n", c)
	return "?", "", false
}
