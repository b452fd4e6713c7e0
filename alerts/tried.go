package alerts

import (
	"fmt"
	"strings"
	"time"
)

const (
	mostTried = 3   // attempts that are told each by itself
	mostWhy   = 300 // characters of a reason
)

// lastTry is the last attempt at an alert that is over, if there is one.
func lastTry(tries []Try, id ID) (Try, bool) {
	for i := len(tries) - 1; i >= 0; i-- {
		if tries[i].Alert == id && !tries[i].Ended.IsZero() {
			return tries[i], true
		}
	}
	return Try{}, false
}

// failure is how the last attempt at an alert failed; "" when it did not.
func failure(tries []Try, id ID) string {
	t, tried := lastTry(tries, id)
	if !tried || t.Why == "" {
		return ""
	}
	if t.Op == "" {
		return brief(t.Why)
	}
	return brief(t.Why) + "; operation " + t.Op
}

// brief is a reason in one line.
func brief(why string) string {
	line := []rune(strings.Join(strings.Fields(why), " "))
	if len(line) > mostWhy {
		line = append(line[:mostWhy], '.', '.', '.')
	}
	return string(line)
}

// gaveUpWord says that the bot tries no more, what it has tried, and what a
// person can type.
func gaveUpWord(a Alert, tries []Try, now time.Time) string {
	failed, ops := 0, []string{}
	for _, t := range tries {
		if t.Why != "" {
			failed++
		}
	}
	text := "gave up: repaired as often as allowed, and it did not stay so."
	if failed > 0 && failed == len(tries) {
		text = "gave up: tried as often as allowed, and every attempt failed."
	}
	shown := tries[max(0, len(tries)-mostTried):]
	for i, t := range shown {
		if i == 0 {
			text += " Tried " + a.Last.Repair + " at "
		} else {
			text += "; at "
		}
		text += clock(t.At, now) + " UTC"
		if t.Op != "" {
			text += ", operation " + t.Op
			ops = append(ops, t.Op)
		}
		if t.Why == "" {
			text += ": done"
		} else {
			text += ": failed, " + brief(t.Why)
		}
	}
	if n := len(tries) - len(shown); n > 0 {
		text += fmt.Sprintf(" (and %d times before)", n)
	}
	text = strings.TrimSuffix(text, ".") + "."
	if len(ops) > 0 {
		text += " What the last one did: type audit --op " + ops[len(ops)-1] + "."
	}
	if a.Last.Repair == "" {
		return text + " " + a.Last.NoRepair
	}
	return text + " Type: diagnose " + a.Key.Node + ", then type " + a.Last.Repair
}
