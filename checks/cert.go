package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/facts"
)

func init() {
	register(Check{
		Name: "cert", Summary: "are the certificates of the TLS listeners valid, and for how long?", Severity: Warning,
		Needs: []string{"container"}, Facts: facts.Need{Vitals: true}, node: judgeCert,
	})
}

// certSoon is how long before its end a certificate should have been renewed.
const certSoon = 14 * 24 * time.Hour

// judgeCert reads dates only: whether clients trust it is theirs to say.
func judgeCert(s Subject) Observation {
	v, seenOK := s.facts().Vitals.Get()
	if !seenOK {
		return unknown("the certificates of %s: %s", s.Node.Name, reason(s.facts().Vitals))
	}
	if len(v.Certs) == 0 {
		return ok("the fleet file plans no TLS listener for %s", s.Node.Name)
	}
	var over, soon, unseen, fine []string
	for _, key := range slices.Sorted(maps.Keys(v.Certs)) {
		c, shown := v.Certs[key].Get()
		left := c.Ends.Sub(s.Seen.At)
		switch {
		case !shown && v.Certs[key].Blind() == facts.Absent:
			fine = append(fine, reason(v.Certs[key]))
		case !shown:
			unseen = append(unseen, reason(v.Certs[key]))
		case left <= 0:
			over = append(over, fmt.Sprintf("that of %s ended on %s", key, c.Ends.UTC().Format(time.DateOnly)))
		case s.Seen.At.Before(c.Begins):
			over = append(over, fmt.Sprintf("that of %s begins on %s only", key, c.Begins.UTC().Format(time.DateOnly)))
		case left < certSoon:
			soon = append(soon, fmt.Sprintf("that of %s ends in %d days", key, left/(24*time.Hour)))
		default:
			fine = append(fine, fmt.Sprintf("%s ends on %s", key, c.Ends.UTC().Format(time.DateOnly)))
		}
	}
	renew := func(o Observation) Observation {
		return o.byHand("renew it on %s, where certfile in vernemq.conf says, and restart %s", s.Node.Host, s.Node.Name)
	}
	switch {
	case len(over) > 0:
		return renew(bad("of the certificates of %s, %s", s.Node.Name, strings.Join(append(over, soon...), ", ")).severity(Critical).
			effect("clients that look at the certificate of %s cannot connect", place(s.Fleet, s.Node)))
	case len(soon) > 0:
		return renew(bad("of the certificates of %s, %s", s.Node.Name, strings.Join(soon, ", ")).
			effect("no client is refused yet; from that day on those of %s cannot connect", place(s.Fleet, s.Node)))
	case len(unseen) > 0:
		return unknown("%s", strings.Join(unseen, "; "))
	}
	return ok("%s", strings.Join(fine, "; "))
}
