package erldist

import (
	"errors"
	"strings"
)

// Name is a long node name such as VerneMQ@10.0.0.1.
type Name struct {
	Alive string // the part before the @, which epmd knows
	Host  string // the address that everybody dials
}

// ParseName splits a node name. It returns an error when there is not exactly
// one @ with something on both sides, which Erlang refuses too.
func ParseName(s string) (Name, error) {
	alive, host, ok := strings.Cut(s, "@")
	if !ok || alive == "" || host == "" || strings.Contains(host, "@") {
		return Name{}, errors.New("a node name looks like VerneMQ@10.0.0.1, not " + s)
	}
	return Name{Alive: alive, Host: host}, nil
}

// String is the name as written in vernemq.conf.
func (n Name) String() string { return n.Alive + "@" + n.Host }

// Atom renders a name the way Erlang prints an atom: quoted unless it starts
// with a small letter and holds only letters, digits, _ and @.
func Atom(s string) string {
	plain := s != "" && s[0] >= 'a' && s[0] <= 'z'
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '@' {
			plain = false
		}
	}
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
}
