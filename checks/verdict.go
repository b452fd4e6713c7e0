package checks

import "fmt"

// Verdict is what a check came to. The zero value is Unknown: a verdict that
// nobody has set must never pass for OK.
type Verdict int

// The verdicts.
const (
	Unknown Verdict = iota // could not look, or do not know what right is
	OK                     // looked, and it is right
	Bad                    // looked, and it is wrong
)

var verdictNames = [...]string{Unknown: "unknown", OK: "ok", Bad: "bad"}

// String returns ok, bad or unknown.
func (v Verdict) String() string {
	if v < Unknown || v > Bad {
		return fmt.Sprintf("Verdict(%d)", int(v))
	}
	return verdictNames[v]
}

// MarshalText writes ok, bad or unknown.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote and refuses anything else.
func (v *Verdict) UnmarshalText(b []byte) error {
	for i, name := range verdictNames {
		if name == string(b) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no verdict: it is ok, bad or unknown", b)
}

// Severity says how loudly a Bad is told.
type Severity int

// The severities.
const (
	Info     Severity = iota + 1 // worth knowing
	Warning                      // will hurt when the next thing breaks
	Critical                     // messages are lost or clients refused now
)

var severityNames = [...]string{Info: "info", Warning: "warning", Critical: "critical"}

// String returns info, warning or critical.
func (s Severity) String() string {
	if s < Info || s > Critical {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severityNames[s]
}

// MarshalText writes info, warning or critical.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote and refuses anything else.
func (s *Severity) UnmarshalText(b []byte) error {
	for i, name := range severityNames {
		if name == string(b) && name != "" {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no severity: it is info, warning or critical", b)
}
