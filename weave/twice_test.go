package weave

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestTwice: weave keeps connections, targets and interfaces in sets, so a line
// that stands twice was not printed so; nor does it call a container otherwise
// than it was asked for.
func TestTwice(t *testing.T) {
	const (
		peers = "<- 10.78.0.12:36451   established sleeve 12:c0:b6:33:a0:93(us) mtu=1350\n"
		ps    = "5bf44378c480 5a:79:82:09:63:a7 10.32.1.1/24\n"
	)
	for _, c := range []struct{ command, whole, garbled string }{
		{"weave status connections", peers, peers + peers},
		{"weave status targets", "10.78.0.11\n10.78.0.12\n", "10.78.0.11\n10.78.0.12\n10.78.0.11\n"},
		{"weave ps", "weave:expose fa:fe:5f:5a:ab:a6\n" + ps, ps + ps},
		{"weave ps", ps, strings.TrimPrefix(ps, "5b")},
		{"weave ps", "weave:expose fa:fe:5f:5a:ab:a6\n", "weaveexpose fa:fe:5f:5a:ab:a6\n"},
		{"weave ps c1", "c1 5a:79:82:09:63:a7 10.32.1.1/24\n", strings.Repeat("c1 5a:79:82:09:63:a7 10.32.1.1/24\n", 2)},
		{"weave ps c1", "c1 5a:79:82:09:63:a7 10.32.1.1/24\n", "1 5a:79:82:09:63:a7 10.32.1.1/24\n"},
	} {
		a := answer.Answer{Argv: strings.Fields(c.command), Stdout: c.whole}
		if _, ok := Explain(a); !ok {
			t.Errorf("%s: %q is not understood", c.command, c.whole)
		}
		a.Stdout = c.garbled
		if m, ok := Explain(a); ok {
			t.Errorf("%s: %q is understood: %s", c.command, c.garbled, m.Meaning)
		}
	}
	a := answer.Answer{Argv: strings.Fields("weave ps vernemq-release-cn-1 vernemq-release-cn-2"), Stdout: "vernemq-rele 5a:79:82:09:63:a7 10.0.0.1/24\nvernemq-rele 5a:79:82:09:63:a8 10.0.0.2/24\n"}
	if l, err := ParsePS(a); err != nil || len(l.Entries) != 2 {
		t.Errorf("two containers that agree in 12 characters: %+v, %v", l, err)
	}
}
