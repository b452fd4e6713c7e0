package regions

import "vmqbot/secret"

// Redactor knows every secret of the fleet file: cookies, hidden settings and
// the probe's password.
func (f *Fleet) Redactor() *secret.Redactor {
	secrets := []string{f.MQTT.Password.Reveal()}
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
