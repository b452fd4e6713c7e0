package traffic

import (
	"encoding/json"
	"strings"
	"testing"
)

func write(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sample is a report of two pairs.
var sample = Report{
	Seconds: 12.3, Total: Counts{Connects: 20, Refused: 3, RefusedBy: map[string]int{"3": 3}, Lost: 5, LongestGap: 900},
	Pairs: []Pair{
		{"cn", "sg", Counts{Connects: 10, Refused: 3, RefusedBy: map[string]int{"3": 3}, LongestGap: 300}},
		{"sg", "cn", Counts{Connects: 10, Lost: 5, LostFrom: 1.5, LostTo: 2.5, LongestGap: 900}},
	},
	Subscribers: []Subscriber{{At: "cn", Connects: 2, SubscribeFailures: 1}, {At: "sg", Connects: 1}},
	Troubles:    []Trouble{{"cn", "CONNACK 3", 3, 1.5, 1.7}},
}

func TestTheReportIsJSONInLines(t *testing.T) {
	text := write(t, sample)
	var back Report
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if write(t, back) != text {
		t.Errorf("written again it is another:\n%s", write(t, back))
	}
	for _, line := range []string{
		`{"seconds":12.3,`,
		` {"from":"sg","to":"cn","connects":10,"refused":0,"unreachable":0,"cut":0,"silent":0,"published":0,"acknowledged":0,"received":0,` +
			`"lost":5,"duplicates":0,"subscribe_failures":0,"longest_gap_ms":900,"lost_from_s":1.5,"lost_to_s":2.5}],`,
		` {"at":"cn","what":"CONNACK 3","count":3,"first_s":1.5,"last_s":1.7}]}`,
	} {
		if !strings.Contains("\n"+text, "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, text)
		}
	}
}

func TestSums(t *testing.T) {
	var sum Counts
	for _, p := range sample.Pairs {
		sum.add(p.Counts)
	}
	sum.add(Counts{Lost: 1, LostFrom: 0.5, LostTo: 0.7, Refused: 1, RefusedBy: map[string]int{"5": 1}})
	if sum.Connects != 20 || sum.Refused != 4 || sum.RefusedBy["3"] != 3 || sum.RefusedBy["5"] != 1 || sum.Lost != 6 ||
		sum.LostFrom != 0.5 || sum.LostTo != 2.5 || sum.LongestGap != 900 {
		t.Errorf("%+v", sum)
	}
	if sample.Pairs[0].RefusedBy["5"] != 0 {
		t.Error("adding changed what was added")
	}
}

func TestClaims(t *testing.T) {
	for typed, want := range map[string]bool{
		"lost 5": true, "lost 0": false, "lost -le 5": true, "lost -lt 5": false, "lost -ge 5": true, "lost -gt 4": true, "lost -ne 5": false,
		"lost cn sg 0": true, "lost sg cn 5": true, "lost any cn -eq 5": true, "lost sg any 0": false,
		"refused -le 2": false, "refused any sg 3": true, "refused cn any -le 3": true,
		"longest_gap_ms -lt 1000": true, "longest_gap_ms cn sg 300": true,
		"subscribe_failures 1": true, "subscribe_failures any sg 0": true, "connects -ge 20": true, "unreachable 0": true,
	} {
		c, err := ParseClaim(strings.Fields(typed))
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		if got, have, err := c.Holds(sample); got != want || err != nil {
			t.Errorf("%s: %t (it is %d), %v", typed, got, have, err)
		}
		again, err := ParseClaim(strings.Fields(c.String()))
		if err != nil || again != c {
			t.Errorf("%s reads as %s", typed, c)
		}
	}
}

func TestClaimsThatAreNone(t *testing.T) {
	for typed, want := range map[string]string{
		"":                    "a claim needs a figure and a number",
		"lost":                "a claim needs a figure and a number",
		"losses 0":            `there is no figure "losses"; it is one of acknowledged, connects, cut,`,
		"lost none":           `"none" is no number`,
		"lost -less 2":        `there is no operator "-less"`,
		"lost cn 2":           "a claim is about two regions or about all",
		"lost cn sg us -eq 2": "a claim is about two regions or about all",
	} {
		if _, err := ParseClaim(strings.Fields(typed)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
	c, err := ParseClaim([]string{"lost", "cn", "eu", "0"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Holds(sample); err == nil || err.Error() != "no traffic went from cn to eu" {
		t.Errorf("a pair that had no traffic: %v", err)
	}
}
