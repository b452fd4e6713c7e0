package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// taken is the plan of a line about acknowledgements, in a fleet where two of cn
// and a link from there to us were told, and of sg something not yet.
func taken(t *testing.T, line string, wishes ...alerts.Wish) (told []string, notes string, err error) {
	t.Helper()
	f := fleet(t)
	book := alerts.Book{Alerts: map[alerts.Key]alerts.Alert{}, Sent: map[string]alerts.Sent{}}
	for _, name := range []string{"ip/cn/cn-1", "veth/cn/cn-1", "mqtt/cn/cn-1--us-1", "ip/sg/sg-1"} {
		k, _ := alerts.ParseKey(name)
		a := alerts.Alert{Key: k, Seq: 3, Phase: alerts.Firing, Since: factstest.Now}
		book.Alerts[k] = a
		if name != "ip/sg/sg-1" {
			book.Sent[k.Group()] = alerts.Sent{Group: k.Group(), Episode: 1, Lines: []alerts.Line{{ID: a.ID(), Phase: a.Phase}}}
		}
	}
	c, r, err := Parse(strings.Fields(line), f)
	if err != nil {
		return nil, "", err
	}
	p, err := c.Plan(r, ops.World{Fleet: f, Book: book, Wishes: wishes, Seen: broken(f)})
	for _, s := range p.Steps {
		told = append(told, string(s.Do.(ops.Tell).Wish.Want)+" "+s.Do.(ops.Tell).Wish.Of)
	}
	return told, strings.Join(p.Notes, "; "), err
}

// TestWhatIsTakenOn: one alert, all of a message, or all that was told of a region.
func TestWhatIsTakenOn(t *testing.T) {
	mine := alerts.Wish{Want: alerts.Ack, By: "terminal:ana", Of: "ip/cn/cn-1#3"}
	for _, c := range []struct {
		line   string
		wishes []alerts.Wish
		want   []string
		note   string
	}{
		{"ack ip/cn/cn-1", nil, []string{"ack ip/cn/cn-1#3"}, ""},
		{"ack ip/sg/sg-1", nil, []string{"ack ip/sg/sg-1#3"}, ""},
		{"ack ip/cn", nil, []string{"ack ip/cn/cn-1#3"}, ""},
		{"ack cn", nil, []string{"ack ip/cn/cn-1#3", "ack veth/cn/cn-1#3", "ack mqtt/cn/cn-1--us-1#3"}, ""},
		{"ack us", nil, []string{"ack mqtt/cn/cn-1--us-1#3"}, ""},
		{"ack all", []alerts.Wish{mine}, []string{"ack veth/cn/cn-1#3", "ack mqtt/cn/cn-1--us-1#3"}, "terminal:ana has taken on ip/cn/cn-1#3 already"},
		{"unack cn", []alerts.Wish{mine}, []string{"unack ip/cn/cn-1#3"}, ""},
		{"unack ip/cn/cn-1", nil, nil, "nobody has taken it on"},
		{"unack ip/cn/cn-1", []alerts.Wish{mine, {Want: alerts.Unack, Of: "ip/cn/cn-1#3"}}, nil, "nobody has taken it on"},
	} {
		got, note, err := taken(t, c.line, c.wishes...)
		slices.Sort(got)
		slices.Sort(c.want)
		if err != nil || !slices.Equal(got, c.want) || note != c.note {
			t.Errorf("%s: %v, %q (%v), want %v, %q", c.line, got, note, err, c.want, c.note)
		}
	}
}

// TestWhatCannotBeTakenOn says what is wrong.
func TestWhatCannotBeTakenOn(t *testing.T) {
	for line, want := range map[string]string{
		"ack sg":              "Nothing fires now that is called sg and was told",
		"ack clock/cn":        "Nothing fires now that is called clock/cn",
		"unack ip/eu/eu-1":    "ip/eu/eu-1 does not fire now",
		"ack ip/cn/cn-1/more": "is no alert (check, region and node, as ip/cn/cn-1), group (ip/cn) or region",
		"ack <!channel>":      "is no alert",
	} {
		if _, _, err := taken(t, line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}
