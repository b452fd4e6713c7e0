package bot_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
)

// TestAHalfOpenConnectionIsCut: both ends stand and nothing comes through. The
// watchdog notices, /healthz says which one, and the bot gets another; meanwhile
// the other one serves.
func TestAHalfOpenConnectionIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.deaf = 5 * time.Second })
	health := func() string { _, body := get(t, w.addr+"/healthz"); return body }
	w.Until("both hear", func() bool { return health() == "ok\n" })
	w.Proxy.Fail(func(method string, _ int) slackworld.Fault {
		if method == "apps.connections.open" {
			return slackworld.Fault{Status: 500}
		}
		return slackworld.Fault{}
	})
	began := time.Now()
	if n := w.Proxy.Mute(); n != 1 {
		t.Fatalf("%d are mute", n)
	}
	seen := ""
	w.Until("it is cut", func() bool {
		if now := health(); now != "ok\n" && seen == "" {
			seen = now
		}
		return strings.Contains(w.log.String(), "has heard nothing for") && strings.Contains(w.log.String(), ", and is cut")
	})
	// slack-go itself would notice after half a minute.
	if took := time.Since(began); took < 3*time.Second || took > 20*time.Second {
		t.Errorf("it was cut after %s", took)
	}
	w.Until("it is gone for Slack, too", func() bool { return w.Proxy.Connections() == 1 })
	w.Until("/healthz says which one is deaf", func() bool {
		code, now := get(t, w.addr+"/healthz")
		return code == 200 && strings.HasPrefix(now, "ok, but connection ") && strings.Count(now, "connection ") == 1
	})
	if code, now := get(t, w.addr+"/readyz"); code != 200 || !strings.HasPrefix(now, "ok, but connection ") {
		t.Errorf("one that hears serves: %d %s", code, now)
	}
	w.Type(slackworld.Viewer, "history -n 1")
	w.Await("`history -n 1` asked by")
	w.Proxy.Fail(nil)
	w.Until("both hear again", func() bool { return w.Proxy.Connections() == 2 && health() == "ok\n" })
}
