package look_test

import (
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/facts"
	"vmqbot/regions"
)

// Each question boots an Erlang machine, and every command pings before it asks: so
// ping is asked where nothing else was, or where nothing else was clear. NOPING's
// answer to it is no fact.
func TestPingIsAskedOnlyWhereNothingElseTells(t *testing.T) {
	const view, switches, listeners = facts.AskPing | facts.AskView, facts.AskPing | facts.AskSwitches, facts.AskPing | facts.AskListeners
	for _, broker := range []struct {
		name string
		env  []string
		rows map[facts.Questions]string
	}{
		{"answers", []string{"SWITCH=on", "NOPING=1"}, map[facts.Questions]string{
			facts.AskAll: "pong", view: "pong", listeners: "pong", switches: "pong", facts.AskPing: "unknown", facts.AskView: "unknown",
		}},
		{"is down", []string{"DOWN=1", "NOPING=1"}, map[facts.Questions]string{
			facts.AskAll: "silence", view: "silence", switches: "silence", facts.AskPing: "unknown", facts.AskView: "unknown",
		}},
		{"says what nobody understands", []string{"SWITCH=perhaps", "NOPING=1"}, map[facts.Questions]string{
			facts.AskAll: "pong", switches: "unknown", facts.AskPing: "unknown",
		}},
		{"says what nobody understands, and may be pinged", []string{"SWITCH=perhaps"}, map[facts.Questions]string{
			switches: "pong", facts.AskPing: "pong",
		}},
		{"is down, and may be pinged", []string{"DOWN=1"}, map[facts.Questions]string{facts.AskPing: "silence"}},
	} {
		t.Run(broker.name, func(t *testing.T) {
			l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
			up(t, cn.Container, broker.env...)
			for ask, want := range broker.rows {
				b, seen := l.Look(t.Context(), []regions.Node{cn}, facts.Need{Broker: ask}).Nodes["cn-1"].Broker.Get()
				got := "unknown"
				if pong, ok := b.Ping.Get(); ok {
					got = map[bool]string{true: "pong", false: "silence"}[pong]
				}
				if !seen || got != want {
					t.Errorf("asked for %b: %s, want %s: %s", ask, got, want, b.Ping.Why())
				}
				if down := b.View.Blind() == facts.Down; ask.Has(facts.AskView|facts.AskPing) && down != (want == "silence") {
					t.Errorf("asked for %b: the view of a broker that %s: %s", ask, broker.name, b.View.Why())
				}
			}
		})
	}
}
