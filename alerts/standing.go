package alerts

import (
	"maps"
	"slices"
	"time"
)

// Standing is what people were told is bad and not yet that it ended: one
// message for each group, with these rows only. Somebody who forgets, as
// Alertmanager does, is told again and again from it. What a silence keeps from
// being said is not in it, nor does it end anything.
func (b Book) Standing(w Wishes, now time.Time) []Message {
	var all []Message
	for _, group := range slices.Sorted(maps.Keys(b.Sent)) {
		s := b.Sent[group]
		m, ok := b.Message(group, s.Episode, w, now)
		if !ok {
			continue
		}
		kept := m.Rows[:0]
		for i, r := range m.Rows { // one for each line, in their order
			if s.Lines[i].Phase != Resolved {
				kept = append(kept, r)
			}
		}
		m.Rows = kept
		if len(m.Rows) > 0 {
			m.Over = false
			all = append(all, m)
		}
	}
	return all
}
