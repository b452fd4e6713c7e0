package timetable

import (
	"strings"
	"testing"
	"time"
)

var sunday = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestNext(t *testing.T) {
	for spec, want := range map[string]string{
		"0 4 * * 1":                       "2026-03-02 04:00",
		"0+4+*+*+1":                       "2026-03-02 04:00",
		"  0  4 * *   1 ":                 "2026-03-02 04:00",
		"@daily":                          "2026-03-02 00:00",
		"@every 5h":                       "2026-03-01 17:00",
		"CRON_TZ=Asia/Shanghai 0 4 * * 1": "2026-03-01 20:00",
		"0 0 31 2 *":                      "0001-01-01 00:00", // never
	} {
		times, err := Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		if got := times.Next(sunday, sunday).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%q: %s, want %s", spec, got, want)
		}
	}
	// Wherever the bot runs, a spec without a zone is in UTC.
	times, _ := Parse("0 4 * * 1")
	at := times.Next(sunday.In(time.FixedZone("bot", 9*3600)), sunday)
	if !at.Equal(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)) {
		t.Error(at)
	}
}

func TestLast(t *testing.T) {
	for _, c := range []struct {
		spec       string
		now, since time.Time
		want       string // "" for none
	}{
		{"0 4 * * 1", sunday, sunday.AddDate(0, -1, 0), "2026-02-23 04:00"},
		{"0 4 * * 1", sunday, sunday.AddDate(0, 0, -1), ""},
		{"0 4 * * 1", time.Date(2026, 2, 23, 4, 0, 0, 0, time.UTC), sunday.AddDate(0, -1, 0), "2026-02-23 04:00"}, // at the moment itself
		{"0 4 * * 1", sunday, time.Date(2026, 2, 23, 4, 0, 0, 0, time.UTC), ""},                                   // that one was done
		{"@hourly", sunday.Add(30 * time.Minute), sunday.AddDate(0, -1, 0), "2026-03-01 12:00"},
		{"@every 7h", sunday, sunday.Add(-15 * time.Hour), "2026-03-01 11:00"},
		{"@yearly", sunday, sunday.AddDate(-1, 0, 0), ""}, // too long ago to matter
	} {
		times, err := Parse(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		at, found := times.Last(c.now, c.since, c.since)
		if got := at.Format("2006-01-02 15:04"); found != (c.want != "") || found && got != c.want {
			t.Errorf("%s since %s: %s %t, want %q", c.spec, c.since, got, found, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string]string{
		"0 4 * * 1 restart sg": "restart sg", "@daily restart sg": "restart sg", "@every 5h restart sg": "restart sg",
		"CRON_TZ=UTC @daily restart sg": "restart sg", "0 4 * * 1": "", "@daily": "",
	} {
		_, rest, err := Split(strings.Fields(text))
		if err != nil || strings.Join(rest, " ") != want {
			t.Errorf("%q: %q %v", text, rest, err)
		}
	}
	for _, text := range []string{"", "0 4 * *", "@every", "CRON_TZ=UTC 0 4"} {
		if _, _, err := Split(strings.Fields(text)); err == nil {
			t.Errorf("%q was split", text)
		}
	}
}

func TestClosest(t *testing.T) {
	for spec, want := range map[string]time.Duration{
		"* * * * *": time.Minute, "0,5 4 * * *": 5 * time.Minute, "@hourly": time.Hour, "0 4 * * 1": 7 * 24 * time.Hour, "@every 90m": 90 * time.Minute,
	} {
		times, err := Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		if got := times.Closest(sunday); got != want {
			t.Errorf("%q: %s, want %s", spec, got, want)
		}
	}
}
