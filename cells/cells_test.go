package cells

import "testing"

// TestWidth: what a terminal with Latin and Chinese letters gives each text.
func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "cn-1": 4, "中国": 4, "cn 中国（主）": 13, "ｆｕｌｌ": 8, "ﾊﾝｶｸ": 4, "Zürich": 6, "Zu\u0308rich": 6, "a\u200db": 2, "日本 1": 6, "…µ→": 3, "\xff": 1,
	} {
		if got := Width(text); got != want {
			t.Errorf("%q takes %d cells, want %d", text, got, want)
		}
	}
}

func TestPad(t *testing.T) {
	for text, want := range map[string]string{"": "     ", "ab": "ab   ", "中国": "中国 ", "中国人": "中国人"} {
		if got := Pad(text, 5); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestCut: nothing is lost, and no letter is cut in two.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		text        string
		n           int
		left, right string
	}{
		{"cn-1  ok", 6, "cn-1  ", "ok"}, {"中国  ok", 6, "中国  ", "ok"}, {"中国", 3, "中", "国"}, {"u\u0308x", 1, "u\u0308", "x"}, {"ab", 5, "ab", ""}, {"", 0, "", ""},
	} {
		if left, right := Cut(c.text, c.n); left != c.left || right != c.right {
			t.Errorf("%q at %d: %q and %q, want %q and %q", c.text, c.n, left, right, c.left, c.right)
		}
	}
}
