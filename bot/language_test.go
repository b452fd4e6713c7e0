package bot_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/ops"
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

// TestAFileIsCalledInChinese: a tool's output that is longer than a message has a
// title that people read, and what the tool said stays as it came.
func TestAFileIsCalledInChinese(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.fleet.Lang = "zh" })
	w.onRun = func(_ context.Context, emit func(ops.Event)) error {
		emit(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: strings.Repeat("nothing to do\n", 1000), At: time.Now()})
		emit(ops.Event{Kind: ops.StepNow, Step: 1, Node: "cn-1", State: ops.Done, At: time.Now()})
		return nil
	}
	w.Type(slackworld.OnCall, "reattach cn")
	w.Press(slackworld.Second, w.Await("申请此操作"), "approve")
	w.Until("a file with a Chinese title", func() bool {
		return slices.ContainsFunc(w.Messages(), func(m slackworld.Message) bool {
			return strings.Contains(string(m.Files), "output-") && strings.Contains(string(m.Files), "的容器")
		})
	})
	if up := w.Proxy.Calls("upload"); len(up) != 1 || !strings.Contains(up[0].Args.Get("body"), "nothing to do\nnothing to do") {
		t.Errorf("%d files, and none holds what the tool said: %.300v", len(up), up)
	}
}
