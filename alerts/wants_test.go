package alerts_test

import (
	"strings"
	"time"

	"vmqbot/alerts"
)

// wants is what people want, as the model understands it: by its own words and
// from no code of the package, or that would be held against itself.
type wants struct {
	mutes []mute
	off   map[string]bool
	acked map[alerts.ID]bool
}

// mute is a silence or a window that has not been ended by hand.
type mute struct {
	id           string
	want         alerts.Want
	region, node string
	at           time.Time
}

const muteFor = 10 * time.Minute

func newWants() wants { return wants{off: map[string]bool{}, acked: map[alerts.ID]bool{}} }

// end takes back the newest mute.
func (w *wants) end() (id string, is bool) {
	n := len(w.mutes)
	if n == 0 {
		return "", false
	}
	id = w.mutes[n-1].id
	w.mutes = w.mutes[:n-1]
	return id, true
}

// muting is what keeps a key quiet now: a silence before a window; "" for nothing.
// A region is where a node's name begins with its own.
func (w wants) muting(k alerts.Key, now time.Time) (strongest alerts.Want) {
	for _, m := range w.mutes {
		covers := false
		for _, end := range []string{k.Node, k.Peer} {
			covers = covers || end != "" && (end == m.node || m.region != "" && strings.HasPrefix(end, m.region+"-"))
		}
		if open := !now.Before(m.at) && now.Before(m.at.Add(muteFor)); open && covers && strongest != alerts.Silence {
			strongest = m.want
		}
	}
	return strongest
}
