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
	all, err := s.Unsaid(t.Context(), "speech")
	if err != nil || len(all) != 3 || all[0].Op != alerts.Post || all[2].Op != alerts.Update || all[0].Ref != "" {
		t.Fatalf("%v %+v", err, all)
	}
	must(t, s.Said(t.Context(), all[0], "C01/1"))
	s = open(t, path, newClock())
	all, err = s.Unsaid(t.Context(), "speech")
	if err != nil || len(all) != 2 || all[0].Ref != "C01/1" || all[0].Text != "firing" || all[1].Ref != "" {
		t.Errorf("%v %+v", err, all)
	}
	must(t, s.Said(t.Context(), all[0], "C01/9")) // it had to be posted anew
	all, err = s.Unsaid(t.Context(), "speech")
	if err != nil || len(all) != 1 || all[0].Op != alerts.Update {
		t.Errorf("%v %+v", err, all)
	}
}

// TestWhatWaitedBeforeThereWereDoors is for people to read.
func TestWhatWaitedBeforeThereWereDoors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	must(t, s.Close())
	tamper(t, path, `ALTER TABLE operation DROP COLUMN remarks; DROP TABLE door; DROP TABLE outbox; DROP TABLE message;
		CREATE TABLE outbox (seq INTEGER NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
		CREATE TABLE message (name TEXT NOT NULL, episode INTEGER NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (name, episode)) STRICT;
		INSERT INTO outbox VALUES (7, '{"op":"update","group":"ip/cn","episode":3}');
		INSERT INTO message VALUES ('ip/cn', 3, 'C01/1');
		DELETE FROM goose_db_version WHERE version_id > 4`)
	s = open(t, path, newClock())
	must(t, s.SaveTurn(t.Context(), alerts.Book{}, alerts.Book{}, []alerts.Say{{Op: alerts.Thread, Group: "ip/cn", Episode: 3}}))
	all, err := s.Unsaid(t.Context(), "speech")
	if err != nil || len(all) != 2 || all[0].Op != alerts.Update || all[0].Ref != "C01/1" || all[0].Seq != 7 || all[1].Seq != 8 {
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

// TestEachDoorHearsAtItsOwnPace: one that is new hears from then on, one that is
// slow holds up nobody, and one that is no more leaves nothing behind.
func TestEachDoorHearsAtItsOwnPace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s := open(t, path, newClock())
	say := func(text string) {
		must(t, s.SaveTurn(t.Context(), alerts.Book{}, alerts.Book{}, []alerts.Say{{Op: alerts.Thread, Group: "ip/cn", Episode: 1, Text: text}}))
	}
	unsaid := func(door string) (texts string, all []alerts.Say) {
		all, err := s.Unsaid(t.Context(), door)
		must(t, err)
		for _, one := range all {
			texts += one.Text + " "
			if one.Door != door {
				t.Errorf("%s hears what is for %s", door, one.Door)
			}
		}
		return texts, all
	}
	wants := func(door, want string) {
		t.Helper()
		if got, _ := unsaid(door); got != want {
			t.Errorf("%s must still say %q, want %q", door, got, want)
		}
	}
	say("a")
	must(t, s.Doors(t.Context(), "speech", "pager"))
	say("b")
	wants("speech", "a b ")
	wants("pager", "b ")
	_, all := unsaid("pager")
	must(t, s.Said(t.Context(), all[0], "open: 1"))
	wants("pager", "")
	wants("speech", "a b ")
	s = open(t, path, newClock()) // after a restart
	must(t, s.Doors(t.Context(), "speech", "pager"))
	say("c")
	wants("pager", "c ")
	_, all = unsaid("pager")
	if _, others := unsaid("speech"); all[0].Ref != "open: 1" || others[0].Ref != "" {
		t.Errorf("where messages stand is not kept by door: %+v %+v", all, others)
	}
	last := all[0].Seq
	must(t, s.Doors(t.Context(), "speech"))
	say("d")
	must(t, s.Doors(t.Context(), "speech", "pager"))
	wants("pager", "")
	say("e")
	wants("pager", "e ")
	if _, all = unsaid("pager"); all[0].Seq <= last || all[0].Ref != "" {
		t.Errorf("a number was given twice, or a place outlived its door: %+v", all)
	}
}
