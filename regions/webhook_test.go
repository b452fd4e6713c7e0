package regions

import (
	"fmt"
	"testing"

	"vmqbot/secret"
)

func TestWebhooks(t *testing.T) {
	n := Node{Conf: map[string]secret.Word{
		"vmq_webhooks.auth.endpoint":  secret.Plain("http://10.77.0.254:9999/auth"),
		"vmq_webhooks.auth.hook":      secret.Plain("auth_on_register"),
		"vmq_webhooks.login.endpoint": secret.Hidden("https://user:secret@hooks.example.net/x"),
		"vmq_webhooks.plain.endpoint": secret.Plain("http://hooks.example.net"),
		"vmq_webhooks.six.endpoint":   secret.Plain("http://[fd00::1]:8080/"),
		"vmq_webhooks.none.endpoint":  secret.Plain("/auth"),
		"vmq_webhooks.flag.endpoint":  secret.Plain("http://-oProxy/"),
		"vmq_webhooks.pool_timeout":   secret.Plain("60000"),
	}}
	want := "[{auth 10.77.0.254 9999} {login hooks.example.net 443} {plain hooks.example.net 80} {six fd00::1 8080}]"
	if got := fmt.Sprint(n.Webhooks()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestTLSListeners(t *testing.T) {
	n := Node{Conf: map[string]secret.Word{
		"listener.ssl.default":          secret.Plain("0.0.0.0:8883"),
		"listener.ssl.certfile":         secret.Plain("/etc/vernemq/cert.pem"),
		"listener.ssl.default.certfile": secret.Plain("/etc/vernemq/cert.pem"),
		"listener.wss.w":                secret.Plain("10.0.0.1:8084"),
		"listener.tcp.default":          secret.Plain("0.0.0.0:1883"),
	}}
	if got, want := fmt.Sprint(n.TLSListeners()), "[{listener.ssl.default 0.0.0.0:8883} {listener.wss.w 10.0.0.1:8084}]"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
