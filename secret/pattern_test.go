package secret_test

import (
	"testing"

	"vmqbot/secret"
)

func TestWhatLooksLikeASecret(t *testing.T) {
	r := secret.NewRedactor()
	for in, want := range map[string]string{
		"token xoxb-1234567890-abcDEF":                    "token [redacted]",
		"xapp-1-A01-2-deadbeef, and more":                 "[redacted], and more",
		"distributed_cookie = monster":                    "distributed_cookie = [redacted]",
		"erl -sname a -setcookie monster -hidden":         "erl -sname a -setcookie [redacted] -hidden",
		"vmq_diversity.mysql.password = hunter2":          "vmq_diversity.mysql.password = [redacted]",
		`{"password":"hunter2","user":"ana"}`:             `{"password":"[redacted]","user":"ana"}`,
		"SLACK_SIGNING_SECRET=8f742231b10e":               "SLACK_SIGNING_SECRET=[redacted]",
		"plugins.vmq_passwd = on":                         "plugins.vmq_passwd = on",
		"vmq_passwd.password_file = /etc/vernemq/passwd":  "vmq_passwd.password_file = /etc/vernemq/passwd",
		"password: [redacted]":                            "password: [redacted]",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\ncut":  "[redacted]",
		"reattach cn --drop-clients":                      "reattach cn --drop-clients",
		"the plan's hash 8f742231b10e and a box-of-tools": "the plan's hash 8f742231b10e and a box-of-tools",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
		if got := r.Text(r.Text(in)); got != want {
			t.Errorf("redacted twice: %q", got)
		}
	}
}
