package picture

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"time"

	"vmqbot/facts"
)

// Link is one direction of a link, and what was measured of it, oldest first.
type Link struct {
	Name    string // "cn-1 to sg-1"
	Samples []facts.LinkSample
}

// The measures of the graph, in pixels.
const (
	graphWidth  = 900.0
	graphHeight = 300.0
	graphLeft   = 150.0 // room for the scale, and for the names before the rows of loss
	lossRow     = 22.0
	mostLinks   = 16
)

// strokes are the colors of the lines, told apart also by who cannot tell red
// from green (Okabe and Ito).
var strokes = []color.RGBA{{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}, {230, 159, 0, 255}, {86, 180, 233, 255}}

// Links draws the round trips of some links over time, and below them a row
// for each with what it lost. The time runs from the first look to now. More
// than 16 links make no picture: the first ones are drawn. Where nothing was
// measured there is an error.
func Links(title string, links []Link, now time.Time) ([]byte, error) {
	g := graph{links: links[:min(len(links), mostLinks)], now: now, first: now}
	for _, l := range g.links {
		for _, s := range l.Samples {
			if s.Sent == 0 {
				continue
			}
			g.count++
			if s.At.Before(g.first) {
				g.first = s.At
			}
			g.most = max(g.most, s.RTT)
		}
	}
	if g.count == 0 {
		return nil, errors.New("nothing was measured that could be drawn: wait for the next sweep")
	}
	g.top = ceiling(g.most)
	rows := float64(len(g.links)) * lossRow
	c, err := newCanvas(int(2*margin+graphLeft+graphWidth), int(header+graphHeight+64+rows+footer))
	if err != nil {
		return nil, err
	}
	c.text(24, ink, point{margin, 36}, left, c.spelled(short(title, 70)))
	c.text(14, faint, point{margin, 62}, left, "round trips between the containers over weave, and what was lost; until "+now.UTC().Format("2006-01-02 15:04:05")+" UTC")
	g.scales(c)
	for i, l := range g.links {
		g.line(c, strokes[i%len(strokes)], l)
		g.losses(c, i, l)
	}
	return c.bytes()
}

// graph is the picture in the making.
type graph struct {
	links      []Link
	first, now time.Time
	most, top  time.Duration // the longest round trip, and where the scale ends
	count      int
}

// ceiling is the next round number of milliseconds: 1, 2 or 5 and zeros.
func ceiling(d time.Duration) time.Duration {
	for unit := time.Millisecond; ; unit *= 10 {
		for _, n := range []time.Duration{1, 2, 5} {
			if n*unit >= d {
				return n * unit
			}
		}
	}
}

func (g graph) x(at time.Time) float64 {
	whole := max(g.now.Sub(g.first), time.Second)
	return margin + graphLeft + graphWidth*float64(at.Sub(g.first))/float64(whole)
}

func (g graph) y(d time.Duration) float64 {
	return header + graphHeight*(1-float64(d)/float64(g.top))
}

// scales draws the lines that the eye holds on to: four of time, four of delay.
func (g graph) scales(c *canvas) {
	const parts = 4
	for i := range parts + 1 {
		d := g.top * time.Duration(i) / parts
		c.rect(line, margin+graphLeft, g.y(d), graphWidth, 1)
		c.text(13, faint, point{margin + graphLeft - 10, g.y(d)}, right, fmt.Sprintf("%.4g ms", float64(d)/1e6))
		at := g.first.Add(g.now.Sub(g.first) * time.Duration(i) / parts)
		c.rect(line, g.x(at), header, 1, graphHeight)
		c.text(13, faint, point{g.x(at), header + graphHeight + 18}, align(float64(i)/parts), at.UTC().Format("15:04"))
	}
	c.text(13, faint, point{margin, header + graphHeight + 44}, left, "lost packets")
}

// line joins the looks that came back; where one did not, or long after one,
// there is a gap.
func (g graph) line(c *canvas, with color.RGBA, l Link) {
	var last *facts.LinkSample
	for i := range l.Samples {
		s := &l.Samples[i]
		if s.RTT <= 0 {
			last = nil
			continue
		}
		to := point{g.x(s.At), g.y(s.RTT)}
		if last != nil && s.At.Sub(last.At) < 5*time.Minute {
			c.stroke(with, point{g.x(last.At), g.y(last.RTT)}, to, 2, 0)
		} else {
			c.circle(with, to, 1.5)
		}
		last = s
	}
}

// losses draws the row of one link: the redder, the more was lost; gray is not
// measured.
func (g graph) losses(c *canvas, row int, l Link) {
	y := header + graphHeight + 60 + float64(row)*lossRow
	c.circle(strokes[row%len(strokes)], point{margin + 6, y + lossRow/2 - 2}, 5)
	c.text(13, ink, point{margin + 18, y + lossRow/2 - 2}, left, short(l.Name, 19))
	c.rect(empty, margin+graphLeft, y, graphWidth, lossRow-4)
	for i, s := range l.Samples {
		if s.Sent == 0 {
			continue
		}
		end := g.now
		if i+1 < len(l.Samples) {
			end = l.Samples[i+1].At
		}
		part := float64(s.Sent-s.Received) / float64(s.Sent)
		with := good
		if part > 0 {
			with = mixed(pale, bad, math.Max(part, 0.3))
		}
		c.rect(with, g.x(s.At), y, g.x(end)-g.x(s.At), lossRow-4)
	}
}

func mixed(a, b color.RGBA, part float64) color.RGBA {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
