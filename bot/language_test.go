package bot_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

var aHan = regexp.MustCompile(`\p{Han}`)

// TestChinese: where the fleet file says so, an alert and the card of a plan are
// Chinese; what is typed stays as it is, and the audit is English.
func TestChinese(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched, func(w *world) { w.fleet.Lang = "zh" })
	w.watches()
	w.breaks()
	m := w.Await("*严重：cn 中的 ip*", "应有 10.0.0.1/24，实有")
	for _, part := range []string{"影响", "消息既进不了也出不了 cn", "/vmq reattach cn"} {
		if !strings.Contains(m.All(), part) {
			t.Errorf("the alert lacks %q: %s", part, m.All())
		}
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Await("申请此操作", "把 10.0.0.1/24 附加到 cn-1 的容器", "weave attach 10.0.0.1/24")
	w.Press(slackworld.Viewer, m, "ack")
	w.Await("ack 需要角色 operator，而你的是 viewer")
	events, err := w.store.Events(t.Context(), 1000, "")
	if err != nil || len(events) == 0 {
		t.Fatal(len(events), err)
	}
	for _, e := range events {
		if aHan.MatchString(fmt.Sprintf("%+v", e)) {
			t.Errorf("the audit is not English: %+v", e)
		}
	}
}
