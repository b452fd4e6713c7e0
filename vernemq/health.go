package vernemq

import (
	"net/url"
	"strings"

	"vmqbot/answer"
)

// Health is the answer of /health and what stands under it.
type Health struct {
	OK      bool     `json:"ok"`
	Reasons []string `json:"reasons"` // in VerneMQ's words; empty when it is OK
}

// ParseHealth reads the answer of curl for /health, /health/ping,
// /health/listeners and /health/listeners_full_cluster. OK is not to be
// relied on: see the meaning that Explain gives.
func ParseHealth(a answer.Answer) (Health, error) {
	r, err := ParseHTTP(a)
	if err != nil {
		return Health{}, err
	}
	var body struct {
		Status  string   `json:"status"`
		Reasons []string `json:"reasons"`
	}
	h := Health{OK: r.Status != 503}
	if !whole(strings.TrimSpace(r.Body), &body) {
		return Health{}, garbled(a, r.Body)
	}
	up := body.Status == "OK"
	if !up && (body.Status != "DOWN" || len(body.Reasons) == 0) || r.Status != 0 && up != h.OK {
		return Health{}, garbled(a, r.Body)
	}
	return Health{up, append([]string{}, body.Reasons...)}, nil
}

func explainHealth(a answer.Answer) (any, string, error) {
	h, err := ParseHealth(a)
	u, _ := curlTarget(plain(a.Argv))
	return h, h.say(u), err
}

func (h Health) say(u *url.URL) string {
	reasons := strings.Join(h.Reasons, "; ")
	switch {
	case strings.Contains(reasons, "Listeners are not ready"):
		return "A listener of this node is suspended or down (" + reasons + "): see which with `vmq-admin listener show`, and open it with `vmq-admin listener restart address=ADDRESS port=PORT`."
	case strings.Contains(reasons, "offline"):
		return "At least one member is not running in this node's view: find it with `vmq-admin cluster show`. Never restart a node because of this answer: it speaks of the others."
	case !h.OK:
		return "The node says that it is not ready (" + reasons + "): look with `diagnose`."
	case u != nil && strings.HasSuffix(u.Path, "_full_cluster"):
		return "Every member is running in this node's view and the listeners that exist are running. That does not see an unbound cluster port (F2): look with `diagnose`."
	}
	return "The web port answers, and no listener that exists is suspended. It says OK also on a node that refuses every client, that is cut off, or whose MQTT or cluster listener never started: look with `diagnose`."
}
