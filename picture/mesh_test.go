package picture

import (
	"bytes"
	"flag"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/commands"
)

var kept = flag.String("pictures", "", "folder for the pictures; none are kept by default")

// four is a healthy fleet as the runbook's: near and far.
func four() commands.Mesh {
	return fleet([]string{"cn-1 China", "sg-1 Singapore", "us-1 United States", "eu-1 Europe"}, func(i, j int) time.Duration {
		return [][]time.Duration{{0, 48e6, 162e6, 231e6}, {47e6, 0, 181e6, 158e6}, {165e6, 180e6, 0, 88e6}, {228e6, 160e6, 87e6, 0}}[i][j]
	})
}

func fleet(names []string, rtt func(i, j int) time.Duration) commands.Mesh {
	m := commands.Mesh{Cluster: "release", At: time.Date(2026, 11, 29, 9, 30, 0, 0, time.UTC)}
	for i, n := range names {
		var name, title string
		name, title, _ = cut(n)
		m.Nodes = append(m.Nodes, commands.MeshNode{Name: name, Title: title, Verdict: checks.OK})
		for j, to := range names {
			if to, _, _ := cut(to); i != j {
				m.Links = append(m.Links, commands.MeshLink{From: name, To: to, RTT: rtt(i, j), Echo: checks.OK, Channel: checks.OK, Weave: checks.OK})
			}
		}
	}
	return m
}

func cut(s string) (name, title string, ok bool) {
	for i, r := range s {
		if r == ' ' {
			return s[:i], s[i+1:], true
		}
	}
	return s, s, false
}

// broken is the same after cn's container was restarted and eu's host is cut
// off from sg.
func broken() commands.Mesh {
	m := four()
	m.Nodes[0].Verdict = checks.Bad
	for i := range m.Links {
		l := &m.Links[i]
		switch {
		case l.From == "cn-1" || l.To == "cn-1":
			l.RTT, l.Echo, l.Channel = 0, checks.Bad, checks.Bad
		case l.From+l.To == "eu-1sg-1" || l.From+l.To == "sg-1eu-1":
			l.RTT, l.Echo, l.Channel, l.Weave = 0, checks.Unknown, checks.Unknown, checks.Bad
		}
	}
	return m
}

func TestMesh(t *testing.T) {
	many := make([]string, 24)
	for i := range many {
		many[i] = fmt.Sprintf("n-%d region", i+1)
	}
	for name, m := range map[string]commands.Mesh{
		"mesh": four(), "mesh-broken": broken(), "mesh-one": fleet([]string{"cn-1 China"}, nil),
		"mesh-many": fleet(many, func(i, j int) time.Duration { return time.Duration((i+1)*(j+1)) * time.Millisecond }),
		"mesh-names": fleet([]string{"a-name-that-does-not-end A region whose name is longer than anybody would", "\u4e2d\u56fd \u4e2d\u56fd"},
			func(int, int) time.Duration { return 300 * time.Microsecond }),
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := Mesh(m)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Mesh(m)
			if err != nil || !bytes.Equal(raw, again) {
				t.Errorf("a second time it is another picture: %v", err)
			}
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil || img.Bounds().Dx() < 700 || img.Bounds().Dx() > 2000 || img.Bounds().Dy() > 1800 || len(raw) > 1<<20 {
				t.Errorf("%v, %v, %d bytes", img.Bounds(), err, len(raw))
			}
			reds, at := 0, img.Bounds()
			for y := at.Min.Y; y < at.Max.Y-int(footer); y++ { // the legend has red always
				for x := at.Min.X; x < at.Max.X; x++ {
					if color.RGBAModel.Convert(img.At(x, y)) == bad {
						reds++
					}
				}
			}
			if (reds > 1000) != (name == "mesh-broken") {
				t.Errorf("%d red points", reds)
			}
			if *kept != "" {
				if err := os.WriteFile(filepath.Join(*kept, name+".png"), raw, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, n := range []int{0, 61} {
		if _, err := Mesh(fleet(make([]string, n), func(int, int) time.Duration { return 1 })); err == nil {
			t.Errorf("%d nodes are drawn", n)
		}
	}
}

func TestHeadline(t *testing.T) {
	for want, m := range map[string]commands.Mesh{
		"all 12 links are up": four(), "8 of 12 links are down": broken(),
	} {
		if got := headline(m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
