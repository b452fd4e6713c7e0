package terminal

import (
	"bytes"
	"strings"
	"testing"

	"vmqbot/cells"
	"vmqbot/ops"
	"vmqbot/speech"
)

// TestChineseOnATerminal: what is ours is Chinese, what a tool prints is not.
func TestChineseOnATerminal(t *testing.T) {
	var b bytes.Buffer
	s := New(&b, speech.In("zh"))
	s.Show(ops.Event{Kind: ops.StepNow, Step: 1, Node: "cn-1", State: ops.Done, Title: "Attach 10.0.0.1/24 to the container of cn-1"})
	s.Show(ops.Event{Kind: ops.Output, Step: 1, Node: "cn-1", Text: "nothing to do"})
	s.Show(ops.Event{Kind: ops.Finished, Op: "4f2a91", State: ops.Done})
	const want = `1 cn-1: 完成: 把 10.0.0.1/24 附加到 cn-1 的容器
1 cn-1: nothing to do
操作 4f2a91：完成
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// TestACutCountsCells: a Chinese letter takes two.
func TestACutCountsCells(t *testing.T) {
	if got := cut(strings.Repeat("容", 40), 40); cells.Width(got) >= 40 || got != strings.Repeat("容", 18)+"..." {
		t.Errorf("%d cells: %s", cells.Width(got), got)
	}
	if got := cut("容器", 40); got != "容器" {
		t.Error(got)
	}
}
