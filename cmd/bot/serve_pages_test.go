package main

import (
	"net/http"
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

// TestServePages: a bot in Slack that watches shows what `bot watch --listen`
// does, on the port of its own: also whether the watch looks.
func TestServePages(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	file := w.fleet("regions:", slackPart+"regions:")
	v := serves(t, s, w, "--config", file)
	s.Until("it listens", func() bool { return strings.Contains(v.logs.String(), `"msg":"listening"`) })
	at := address(t, v.logs.String())
	var says string
	s.Until("it is ready", func() bool {
		code, body := web(t, at+"/readyz")
		says = body
		return code == http.StatusOK
	})
	if !strings.Contains(says, `"name": "swept"`) || !strings.Contains(says, `"ready": true`) {
		t.Errorf("/readyz does not tell of the watch:\n%s", says)
	}
	for path, part := range map[string]string{"/healthz": "the last sign of the watch was", "/mesh": "cn-1", "/mesh.json": `"nodes"`} {
		if code, body := web(t, at+path); code != http.StatusOK || !strings.Contains(body, part) {
			t.Errorf("%s: %d, want %q in\n%s", path, code, part, body)
		}
	}
	_, page := web(t, at+"/metrics")
	for _, want := range []string{
		"vmqbot_slack_connected 1\n", `vmqbot_slack_requests_total{method="auth.test",result="ok"}`,
		`vmqbot_ssh_dials_total{region="cn",result="ok"} 0`, `vmqbot_operations_total{command="reattach",region="cn",result="done"} 0`,
		"vmqbot_watching 1\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if strings.Contains(page, `vmqbot_ssh_dials_total{region="cn",result="failed"} 0`) {
		t.Error("dials to hosts that refuse are not counted")
	}
	if resp, err := http.Post(at+"/healthz", "text/plain", nil); err != nil || resp.StatusCode != http.StatusMethodNotAllowed { //nolint:noctx // of this machine
		t.Errorf("POST /healthz: %v %v", resp, err)
	} else {
		_ = resp.Body.Close()
	}
	v.stop()
	if code := <-v.exit; code != 0 {
		t.Errorf("exit %d\n%s", code, v.logs.String())
	}
}
