package picture

import (
	"vmqbot/checks"
	"vmqbot/commands"
)

// heatMap is the table of round trips: one square for each ordered pair.
type heatMap struct {
	m    commands.Mesh
	cell float64
	side float64 // room for the names before the rows, and above the columns
}

func newHeatMap(m commands.Mesh) heatMap {
	h := heatMap{m: m, cell: 104, side: 78}
	if n := len(m.Nodes); n > 5 {
		h.cell = max(520/float64(n), 16)
	}
	return h
}

func (h heatMap) width() float64  { return h.side + h.cell*float64(len(h.m.Nodes)) }
func (h heatMap) height() float64 { return 34 + h.cell*float64(len(h.m.Nodes)) }

func (h heatMap) draw(c *canvas, x, y float64) {
	size := min(15, max(h.cell*0.3, 9))
	for i, n := range h.m.Nodes {
		at := h.cell * (float64(i) + 0.5)
		c.text(size, of(n.Verdict), point{x + h.side - 12, y + 34 + at}, right, short(n.Name, 9))
		if h.cell >= 44 {
			c.text(size, of(n.Verdict), point{x + h.side + at, y + 18}, middle, short(n.Name, 9))
		}
	}
	for i := range h.m.Nodes {
		for j := range h.m.Nodes {
			cx, cy := x+h.side+h.cell*float64(j), y+34+h.cell*float64(i)
			if i == j {
				c.rect(empty, cx, cy, h.cell, h.cell)
			} else {
				h.square(c, between(h.m, i, j), cx, cy)
			}
			c.frame(paper, cx, cy, h.cell, h.cell, 1.5)
		}
	}
}

// square is one link. What is not up has a border and says what is not.
func (h heatMap) square(c *canvas, l commands.MeshLink, x, y float64) {
	ground, says := heat(l.RTT), ms(l.RTT)
	switch {
	case l.Echo == checks.Bad:
		ground, says = pale, "lost"
	case l.RTT == 0:
		ground, says = empty, "?"
	}
	c.rect(ground, x, y, h.cell, h.cell)
	mid := point{x + h.cell/2, y + h.cell/2}
	v := verdict(l)
	if v != checks.OK {
		c.frame(of(v), x+2, y+2, h.cell-4, h.cell-4, min(4, h.cell/8))
	}
	if h.cell < 44 {
		return
	}
	c.text(min(18, h.cell*0.2), over(ground), mid, middle, says)
	if h.cell < 80 {
		return
	}
	dot := point{x + h.cell - 15, y + 15}
	c.circle(paper, dot, 7.5)
	c.circle(of(l.Channel), dot, 6)
	for i, wrong := range wrongs(l) {
		c.text(11.5, over(ground), point{mid.x, mid.y + 20 + 15*float64(i)}, middle, wrong)
	}
}

// wrongs names what is not up on a link, in at most two lines.
func wrongs(l commands.MeshLink) (all []string) {
	for _, w := range []struct {
		v    checks.Verdict
		what string
	}{{l.Channel, "channel"}, {l.Weave, "weave"}} {
		switch w.v {
		case checks.Bad:
			all = append(all, w.what+" down")
		case checks.Unknown:
			all = append(all, w.what+" unseen")
		case checks.OK:
		}
	}
	return all
}
