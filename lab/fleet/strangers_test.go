package fleet

import "testing"

func TestMaker(t *testing.T) {
	for what, c := range map[string]struct {
		said string
		want made
	}{
		"as the lab creates it":     {` airdroid/vernemq:2.1.2 null ["start_vernemq"] 3`, byLab},
		"another image":             {` airdroid/vernemq:1.6.1 null ["start_vernemq"] 3`, otherwise},
		"the oldest runbook's":      {` airdroid/vernemq:2.1.2 null ["sh"] 2`, otherwise},
		"its data in the container": {` airdroid/vernemq:2.1.2 null ["start_vernemq"] 2`, otherwise},
		"an imported image":         {` airdroid/vernemq:imported null null 2`, otherwise},
		"behind the bot's gate":     {`1 airdroid/vernemq:2.1.3 ["sh","-c","...","vmqbot-gate"] [] 3`, byBot},
		"a gate of somebody else":   {` airdroid/vernemq:2.1.2 ["sh"] ["start_vernemq"] 3`, otherwise},
	} {
		if got := makerIn(c.said); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}
