package picture

import (
	"math"

	"vmqbot/checks"
	"vmqbot/commands"
)

// ring draws the nodes on a circle, and a line for each pair: its color is the
// graver of both directions, its label the mean of what both measured.
func (c *canvas) ring(m commands.Mesh, center point) {
	const radius, knob = 168.0, 42.0
	at := make([]point, len(m.Nodes))
	for i := range at {
		a := 2*math.Pi*float64(i)/float64(len(at)) - math.Pi/2 - math.Pi/float64(max(len(at), 3))
		at[i] = point{center.x + radius*math.Cos(a), center.y + radius*math.Sin(a)}
	}
	for i := range m.Nodes {
		for j := range i {
			c.edge(m, i, j, at)
		}
	}
	for i := range m.Nodes {
		for j := range i {
			c.label(m, i, j, at)
		}
	}
	for i, n := range m.Nodes {
		c.circle(paper, at[i], knob+4)
		c.circle(of(n.Verdict), at[i], knob)
		size := 17.0
		if len(n.Name) > 7 {
			size = 13
		}
		c.text(size, paper, point{at[i].x, at[i].y - 1}, middle, short(n.Name, 9))
		away := knob + 18
		if at[i].y < center.y-1 {
			away = -away
		}
		c.text(14, ink, point{at[i].x, at[i].y + away}, middle, c.spelled(short(n.Title, 20)))
	}
}

func (c *canvas) edge(m commands.Mesh, i, j int, at []point) {
	there, back := between(m, i, j), between(m, j, i)
	v := worse(verdict(there), verdict(back))
	thick, dash := 4.0, 0.0
	switch v {
	case checks.Bad:
		thick, dash = 5, 12
	case checks.Unknown:
		dash = 5
	}
	c.stroke(of(v), at[i], at[j], thick, dash)
}

// label stands nearer to one end, so that the labels of lines that cross in the
// middle stay apart.
func (c *canvas) label(m commands.Mesh, i, j int, at []point) {
	there, back := between(m, i, j), between(m, j, i)
	text := "?"
	switch {
	case there.Echo == checks.Bad || back.Echo == checks.Bad:
		text = "lost"
	case there.RTT > 0 && back.RTT > 0:
		text = ms((there.RTT + back.RTT) / 2)
	case there.RTT+back.RTT > 0:
		text = ms(there.RTT + back.RTT)
	}
	part := 0.5
	if apart := (i - j + len(at)) % len(at); apart != 1 && apart != len(at)-1 {
		part = 0.34
	}
	p := point{at[j].x + (at[i].x-at[j].x)*part, at[j].y + (at[i].y-at[j].y)*part}
	w := float64(len(text))*7.6 + 10
	c.rect(paper, p.x-w/2, p.y-11, w, 22)
	c.text(14, of(worse(verdict(there), verdict(back))), p, middle, text)
}

// between is the link of an ordered pair; what was not looked at is not seen.
func between(m commands.Mesh, from, to int) commands.MeshLink {
	for _, l := range m.Links {
		if l.From == m.Nodes[from].Name && l.To == m.Nodes[to].Name {
			return l
		}
	}
	return commands.MeshLink{}
}

func worse(a, b checks.Verdict) checks.Verdict {
	switch {
	case a == checks.Bad || b == checks.Bad:
		return checks.Bad
	case a == checks.OK && b == checks.OK:
		return checks.OK
	default:
		return checks.Unknown
	}
}

// short cuts a name to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "\u2026"
	}
	return s
}
