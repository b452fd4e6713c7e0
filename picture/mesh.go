package picture

import (
	"fmt"
	"time"

	"vmqbot/checks"
	"vmqbot/commands"
)

// Where things stand, in pixels. Slack shows a picture some 360 wide until it
// is opened, and then as it is.
const (
	margin   = 36.0
	header   = 84.0
	footer   = 62.0
	ringSide = 500.0
	gap      = 40.0
	mostRing = 10 // more nodes than that make a ball of wool
	mostHeat = 60 // more nodes than that make no picture
)

// Mesh draws every node and link: who is connected with whom, in which state,
// and how far apart they are. A fleet with more than 60 nodes is refused.
func Mesh(m commands.Mesh) ([]byte, error) {
	n := len(m.Nodes)
	if n == 0 || n > mostHeat {
		return nil, fmt.Errorf("a mesh of %d nodes is not drawn: 1 to %d are", n, mostHeat)
	}
	h := newHeatMap(m)
	width, height := h.width(), h.height()
	if n <= mostRing {
		width, height = ringSide+gap+width, max(ringSide, height)
	}
	c, err := newCanvas(int(2*margin+max(width, 700)), int(header+height+footer))
	if err != nil {
		return nil, err
	}
	c.text(24, ink, point{margin, 36}, left, m.Cluster+": "+headline(m))
	c.text(14, faint, point{margin, 62}, left, "round trips between the containers over weave; rows send, columns answer; "+m.At.UTC().Format("2006-01-02 15:04:05")+" UTC")
	x := margin
	if n <= mostRing {
		c.ring(m, point{x + ringSide/2, header + height/2})
		x += ringSide + gap
	}
	h.draw(c, x, header+(height-h.height())/2)
	c.legend(header + height + footer/2)
	return c.bytes()
}

// headline says in words what the picture shows.
func headline(m commands.Mesh) string {
	var down, unseen int
	for _, l := range m.Links {
		switch verdict(l) {
		case checks.Bad:
			down++
		case checks.Unknown:
			unseen++
		case checks.OK:
		}
	}
	switch {
	case down == 0 && unseen == 0:
		return fmt.Sprintf("all %d links are up", len(m.Links))
	case unseen == 0:
		return fmt.Sprintf("%d of %d links are down", down, len(m.Links))
	case down == 0:
		return fmt.Sprintf("%d of %d links cannot be seen", unseen, len(m.Links))
	default:
		return fmt.Sprintf("of %d links %d are down, and %d cannot be seen", len(m.Links), down, unseen)
	}
}

// verdict is the gravest that is known of a link.
func verdict(l commands.MeshLink) checks.Verdict {
	all := []checks.Verdict{l.Echo, l.Channel, l.Weave}
	for _, v := range []checks.Verdict{checks.Bad, checks.Unknown} {
		for _, have := range all {
			if have == v {
				return v
			}
		}
	}
	return checks.OK
}

// legend explains the colors.
func (c *canvas) legend(y float64) {
	x := margin
	say := func(text string) { x += c.text(13, faint, point{x, y}, left, text) + 22 }
	for _, v := range []struct {
		verdict checks.Verdict
		says    string
	}{{checks.OK, "channel up"}, {checks.Bad, "down"}, {checks.Unknown, "not seen"}} {
		c.circle(of(v.verdict), point{x + 6, y}, 6)
		x += 18
		say(v.says)
	}
	const scale = 150
	for i := range scale {
		c.rect(along(float64(i)/(scale-1)), x+float64(i), y-7, 1.5, 14)
	}
	c.frame(line, x, y-7, scale, 14, 1)
	x += scale + 8
	say(fmt.Sprintf("%d to %d ms", nearest/time.Millisecond, farthest/time.Millisecond))
}

// ms writes a round trip.
func ms(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	default:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
}
