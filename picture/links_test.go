package picture

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vmqbot/facts"
)

var today = time.Date(2026, 11, 29, 9, 30, 0, 0, time.UTC)

// hours is a link that is slow for an hour and loses packets for another.
func hours(name string, usual time.Duration) Link {
	l := Link{Name: name}
	for i := range facts.KeptLinks {
		s := facts.LinkSample{At: today.Add(-30 * time.Second * time.Duration(facts.KeptLinks-1-i)), Sent: 3, Received: 3}
		s.RTT = usual + time.Duration(float64(usual)*0.05*math.Sin(float64(i)/7))
		switch {
		case i > 240 && i < 360:
			s.RTT *= 2
		case i > 480 && i < 600:
			s.Received = i % 3
		case i > 650 && i < 660:
			s = facts.LinkSample{At: s.At}
		}
		if s.Received == 0 {
			s.RTT = 0
		}
		l.Samples = append(l.Samples, s)
	}
	return l
}

func TestLinks(t *testing.T) {
	far, near := hours("cn-1 to us-1", 180*time.Millisecond), hours("us-1 to cn-1", 90*time.Millisecond)
	many := make([]Link, 40)
	for i := range many {
		many[i] = hours("a-name-that-does-not-end to another", time.Duration(i+1)*time.Millisecond)
	}
	dead := Link{Name: "cn-1 to eu-1", Samples: []facts.LinkSample{{At: today, Sent: 3}}}
	for name, links := range map[string][]Link{"links": {far, near}, "links-many": many, "links-dead": {dead}} {
		raw, err := Links("release: cn-1--us-1", links, today)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if *kept != "" {
			if err := os.WriteFile(filepath.Join(*kept, name+".png"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		again, _ := Links("release: cn-1--us-1", links, today)
		if !bytes.Equal(raw, again) {
			t.Errorf("%s: the same figures are not the same picture", name)
		}
		has := map[string]bool{}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				switch img.At(x, y) {
				case strokes[0]:
					has["line"] = true
				case bad:
					has["lost"] = true
				case good:
					has["came"] = true
				}
			}
		}
		if !has["line"] || !has["lost"] || has["came"] == (name == "links-dead") {
			t.Errorf("%s: what is drawn is %v", name, has)
		}
	}
	for name, links := range map[string][]Link{"nothing": nil, "never measured": {{Name: "cn-1 to sg-1", Samples: []facts.LinkSample{{At: today}}}}} {
		if _, err := Links("release", links, today); err == nil {
			t.Errorf("%s makes a picture", name)
		}
	}
}

func TestCeiling(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{0: 1e6, 1: 1e6, 3e6: 5e6, 180e6: 200e6, 201e6: 500e6, 7e9: 10e9} {
		if got := ceiling(d); got != want {
			t.Errorf("the scale of %s ends at %s, want %s", d, got, want)
		}
	}
}
