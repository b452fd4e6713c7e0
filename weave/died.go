package weave

import (
	"regexp"
	"strings"
)

// Cause is why a router ended, as far as its log says.
type Cause string

// The causes that are known.
const (
	NoCause   Cause = ""
	Firewall  Cause = "iptables" // iptables refuses its rules: the image's and the kernel's are of two kinds
	StaleDNS  Cause = "dns"      // it was launched to answer names where docker0 was
	OldClient Cause = "api"      // it speaks an API that the engine dropped
)

// Death is the last line of a router's log that says why it ended.
type Death struct {
	Cause Cause  `json:"cause"`
	Line  string `json:"line,omitempty"`
}

var deaths = []struct {
	cause Cause
	sign  *regexp.Regexp
}{
	{Firewall, regexp.MustCompile(`(?i)iptables.*(?:can't initialize|incompatible)|RULE_[A-Z]+ failed`)},
	{StaleDNS, regexp.MustCompile(`Unable to start dns server: `)},
	{OldClient, regexp.MustCompile(`client version [0-9.]+ is too old`)},
}

// ReadDeath looks for the last such line.
func ReadDeath(log []string) Death {
	for i := len(log) - 1; i >= 0; i-- {
		for _, d := range deaths {
			if d.sign.MatchString(log[i]) {
				return Death{d.cause, strings.TrimSpace(log[i])}
			}
		}
	}
	return Death{}
}
