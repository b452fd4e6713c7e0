package store_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
)

func someBook() alerts.Book {
	key := alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}
	id := alerts.ID{Key: key, Seq: 2}
	link := alerts.Key{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "sg-1"}
	return alerts.Book{
		Alerts: map[alerts.Key]alerts.Alert{
			key: {
				Key: key, Seq: 2, Phase: alerts.Healing, Severity: checks.Critical, BadRun: 4, Since: noon, Fired: noon, Healed: noon,
				Edges: []alerts.Edge{{At: noon, Bad: true}}, Last: alerts.Found{Evidence: "want 10.0.0.1/24", Repair: "reattach cn-1"}, Verdict: checks.Bad,
			},
			link: {Key: link, BlindRun: 2, BlindFrom: noon, Blind: "no message was sent"},
		},
		Sent:   map[string]alerts.Sent{"ip/cn": {Group: "ip/cn", Episode: 3, Lines: []alerts.Line{{ID: id, Phase: alerts.Firing, Told: noon, Paged: true, Steps: 1}}}},
		Tries:  map[string][]alerts.Try{"cn-1": {{Alert: id, Node: "cn-1", At: noon}}},
		Stormy: noon,
	}
}

func TestATurnIsKeptWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	empty, err := s.Book(t.Context())
	must(t, err)
	want := someBook()
	says := []alerts.Say{{Op: alerts.Post, Group: "ip/cn", Episode: 3}, {Op: alerts.Page, Group: "ip/cn", Episode: 3, ID: alerts.ID{Seq: 2}, Whom: alerts.OnCall, Step: 1}}
	must(t, s.SaveTurn(t.Context(), empty, want, says))
	other := open(t, path, newClock()) // after a restart
	got, err := other.Book(t.Context())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	// What is no more is gone, and what did not change is left.
	next := someBook()
	next.Alerts = map[alerts.Key]alerts.Alert{}
	must(t, other.SaveTurn(t.Context(), got, next, nil))
	got, err = other.Book(t.Context())
	if err != nil || !reflect.DeepEqual(got, next) {
		t.Errorf("%v\n%+v\n%+v", err, got, next)
	}
}

// TestTheOutboxRemembersWhereMessagesStand: what was not said yet is still
// there after a restart, in its order.
func TestTheOutboxRemembersWhereMessagesStand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	post := alerts.Say{Op: alerts.Post, Group: "ip/cn", Episode: 3}
	must(t, s.SaveTurn(t.Context(), alerts.Book{}, alerts.Book{}, []alerts.Say{post, {Op: alerts.Thread, Group: "ip/cn", Episode: 3, Text: "firing"}}))
	must(t, s.SaveTurn(t.Context(), alerts.Book{}, alerts.Book{}, []alerts.Say{{Op: alerts.Update, Group: "ip/cn", Episode: 2}}))
	all, err := s.Unsaid(t.Context())
	if err != nil || len(all) != 3 || all[0].Op != alerts.Post || all[2].Op != alerts.Update || all[0].Ref != "" {
		t.Fatalf("%v %+v", err, all)
	}
	must(t, s.Said(t.Context(), all[0], "C01/1"))
	s = open(t, path, newClock())
	all, err = s.Unsaid(t.Context())
	if err != nil || len(all) != 2 || all[0].Ref != "C01/1" || all[0].Text != "firing" || all[1].Ref != "" {
		t.Errorf("%v %+v", err, all)
	}
	must(t, s.Said(t.Context(), all[0], "C01/9")) // it had to be posted anew
	all, err = s.Unsaid(t.Context())
	if err != nil || len(all) != 1 || all[0].Op != alerts.Update {
		t.Errorf("%v %+v", err, all)
	}
}

func TestWishesStayInTheirOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	a, b := open(t, path, newClock()), open(t, path, newClock())
	want := []alerts.Wish{
		{ID: "4f2a91", Want: alerts.Silence, By: "terminal:ana", At: noon, Check: "ip", Region: "cn", For: time.Hour, Reason: "moving"},
		{ID: "0b77c2", Want: alerts.Unsilence, By: "terminal:bob", At: noon, Of: "4f2a91"},
	}
	must(t, a.AddWish(t.Context(), want[0]))
	must(t, b.AddWish(t.Context(), want[1]))
	got, err := a.Wishes(t.Context())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %+v", err, got)
	}
}
