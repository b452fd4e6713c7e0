package regions

import "vmqbot/secret"

// Redactor knows every secret of the fleet file: cookies, hidden settings, the
// passwords of the probe and of the mesh, and the keys and hidden addresses of receivers; and more,
// which the process knows from elsewhere.
func (f *Fleet) Redactor(more ...secret.Text) *secret.Redactor {
	secrets := []string{f.MQTT.Password.Reveal(), f.Network.Password.Reveal()}
	for _, s := range more {
		secrets = append(secrets, s.Reveal())
	}
	for _, r := range f.Receivers {
		secrets = append(secrets, r.RoutingKey.Reveal(), r.Secret.Reveal(), r.Password.Reveal(), hidden(r.URL))
	}
	secrets = append(secrets, hidden(f.Deadman.URL))
	for _, n := range f.Nodes() {
		secrets = append(secrets, n.Cookie.Reveal())
		for _, v := range n.Conf {
			secrets = append(secrets, hidden(v))
		}
	}
	return secret.NewRedactor(secrets...)
}

// hidden is the value of a word that nobody may read, and "" of any other.
func hidden(w secret.Word) string {
	if w.IsHidden() {
		return w.Reveal()
	}
	return ""
}
