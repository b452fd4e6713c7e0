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
		m.Rows = slices.DeleteFunc(m.Rows, func(r Row) bool {
			l := s.find(r.ID.Key)
			return l == nil || l.ID != r.ID || l.Phase == Resolved
		})
		if len(m.Rows) > 0 {
			m.Over = false
			all = append(all, m)
		}
	}
	return all
}
