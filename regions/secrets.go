package regions

import "vmqbot/secret"

// Redactor knows every secret of the fleet file: cookies, hidden settings and
// the probe's password; and more, which the process knows from elsewhere.
func (f *Fleet) Redactor(more ...secret.Text) *secret.Redactor {
	secrets := []string{f.MQTT.Password.Reveal()}
	for _, s := range more {
		secrets = append(secrets, s.Reveal())
	}
	for _, n := range f.Nodes() {
		secrets = append(secrets, n.Cookie.Reveal())
		for _, v := range n.Conf {
			if v.IsHidden() {
				secrets = append(secrets, v.Reveal())
			}
		}
	}
	return secret.NewRedactor(secrets...)
}
