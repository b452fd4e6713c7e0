package bot_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Until("ready", func() bool { code, _ := get(t, w.addr+"/readyz"); return code == 200 })
	w.Until("both hear", func() bool { code, body := get(t, w.addr+"/healthz"); return code == 200 && body == "ok\n" })
	w.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		if method == "apps.connections.open" {
			return slackworld.Fault{Status: 500}
		}
		return slackworld.Fault{}
	})
	w.Proxy.DropAll()
	w.Until("deaf", func() bool {
		code, body := get(t, w.addr+"/healthz")
		return code == 503 && strings.HasPrefix(body, "deaf: connection 1 is not connected")
	})
	if code, _ := get(t, w.addr+"/slack/events"); code != 404 {
		t.Errorf("a door is open without a secret: %d", code)
	}
}

// signed is a request as Slack signs it.
func signed(url, body, kind, secret string, at time.Time) *http.Request {
	ts := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", ts, body)
	r, _ := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", ts)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

func TestSignedRequests(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String() + "/slack/events"
	w := newWorldOn(t, l, address)
	w.Type(slackworld.Viewer, "status")
	w.Await("release: cn-1 is bad")
	w.Type(slackworld.OnCall, "reattach cn")
	card := w.Await("asks for this")
	w.Press(slackworld.Second, card, "approve")
	w.Await("*done*")
	w.Say(slackworld.General, slackworld.Viewer, "<@U0VMQ> history", "")
	w.Until("the mention is answered", func() bool { return w.Count("reattach cn", "done", "`history`") == 1 })

	const form, kind = "team_id=T01&user_id=U0EVE&channel_id=C0123&command=%2Fvmq&text=history&trigger_id=forged", "application/x-www-form-urlencoded"
	now := time.Now()
	once := signed(address, form, kind, slackworld.Secret, now)
	for name, tt := range map[string]struct {
		r    *http.Request
		code int
	}{
		"another secret": {signed(address, form, kind, "other", now), 401},
		"no secret":      {signed(address, form, kind, "", now), 401},
		"too old":        {signed(address, form, kind, slackworld.Secret, now.Add(-6*time.Minute)), 401},
		"from tomorrow":  {signed(address, form, kind, slackworld.Secret, now.Add(6*time.Minute)), 401},
		"a query":        {signed(address+"?payload=x", form, kind, slackworld.Secret, now), 401},
		"no form":        {signed(address, "{", "text/plain", slackworld.Secret, now), 400},
		"no event":       {signed(address, "{{", "application/json", slackworld.Secret, now), 400},
		"no payload":     {signed(address, "payload=%7B", kind, slackworld.Secret, now), 400},
		"too large":      {signed(address, strings.Repeat("x", 2<<20), kind, slackworld.Secret, now), 413},
		"url check":      {signed(address, `{"type":"url_verification","challenge":"abc","token":"x"}`, "application/json", slackworld.Secret, now), 200},
		"once":           {once, 200},
	} {
		resp, err := http.DefaultClient.Do(tt.r)
		if err != nil {
			t.Fatal(name, err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.code || name == "url check" && string(b) != "abc" {
			t.Errorf("%s: %d %s", name, resp.StatusCode, b)
		}
	}
	again := signed(address, form, kind, slackworld.Secret, now)
	resp, err := http.DefaultClient.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 401 {
		t.Errorf("a replay: %d", resp.StatusCode)
	}
}
