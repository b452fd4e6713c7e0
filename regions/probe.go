package regions

import (
	"time"

	"vmqbot/secret"
)

// mqtt reads how the probe logs in. Timeouts are short: the probe runs in
// every sweep.
func (r *reader) mqtt(v value) {
	m := &r.fleet.MQTT
	before := len(r.problems)
	r.object(v,
		may("port", r.port(&m.Port)),
		may("username", r.word(&m.Username, aLogin)),
		may("password", r.password(&m.Password)),
		may("topic", r.word(&m.Topic, aTopic)),
		may("timeout", r.duration(&m.Timeout, 100*time.Millisecond, time.Minute)),
	)
	if len(r.problems) == before && !m.Password.IsZero() && m.Username == "" {
		r.refuse(v, "Add mqtt.username.", "mqtt has a password and no username, which MQTT 3.1.1 cannot send.")
	}
}

// password reads a secret, which must come by reference.
func (r *reader) password(dst *secret.Text) func(value) {
	return func(v value) {
		w, ok := r.resolved(v)
		if ok && !w.IsHidden() {
			r.refuse(v, referenceFix, "%s is a secret and stands here in clear.", v.name)
			return
		}
		*dst = secret.New(w.Reveal())
	}
}
