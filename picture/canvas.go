package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// canvas is a picture in the making. Lengths are pixels. It has one font: a bold
// one would weigh 0.15 MB in the program, and size and color tell what matters.
type canvas struct {
	*image.RGBA
	letters *opentype.Font
}

func newCanvas(width, height int) (*canvas, error) {
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, width, height))}
	var err error
	if c.letters, err = opentype.Parse(goregular.TTF); err != nil {
		return nil, fmt.Errorf("reading the letters: %w", err)
	}
	draw.Draw(c, c.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	return c, nil
}

// bytes is the picture as PNG.
func (c *canvas) bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, c); err != nil {
		return nil, fmt.Errorf("writing the picture: %w", err)
	}
	return b.Bytes(), nil
}

type point struct{ x, y float64 }

// fill paints the inside of a closed line. Only its own corner of the picture is
// touched: a mesh has thousands of them.
func (c *canvas) fill(with color.Color, line ...point) {
	box := image.Rectangle{}
	for i, p := range line {
		at := image.Rect(int(p.x)-1, int(p.y)-1, int(p.x)+2, int(p.y)+2)
		if i == 0 {
			box = at
		}
		box = box.Union(at)
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, p := range line {
		x, y := float32(p.x)-float32(box.Min.X), float32(p.y)-float32(box.Min.Y)
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c, box, image.NewUniform(with), image.Point{})
}

// rect paints whole points.
func (c *canvas) rect(with color.Color, x, y, w, h float64) {
	whole := func(f float64) int { return int(math.Round(f)) }
	draw.Draw(c, image.Rect(whole(x), whole(y), max(whole(x+w), whole(x)+1), max(whole(y+h), whole(y)+1)), image.NewUniform(with), image.Point{}, draw.Src)
}

// frame paints the border of a rectangle, inside of it.
func (c *canvas) frame(with color.Color, x, y, w, h, thick float64) {
	c.rect(with, x, y, w, thick)
	c.rect(with, x, y+h-thick, w, thick)
	c.rect(with, x, y, thick, h)
	c.rect(with, x+w-thick, y, thick, h)
}

func (c *canvas) circle(with color.Color, at point, radius float64) {
	const corners = 64
	line := make([]point, corners)
	for i := range line {
		a := 2 * math.Pi * float64(i) / corners
		line[i] = point{at.x + radius*math.Cos(a), at.y + radius*math.Sin(a)}
	}
	c.fill(with, line...)
}

// stroke paints a straight line; dash is how long a dash is, 0 for no dashes.
func (c *canvas) stroke(with color.Color, from, to point, thick, dash float64) {
	length := math.Hypot(to.x-from.x, to.y-from.y)
	if length == 0 {
		return
	}
	dx, dy := (to.x-from.x)/length, (to.y-from.y)/length
	nx, ny := -dy*thick/2, dx*thick/2
	step, part := length, length
	if dash > 0 {
		step, part = 2*dash, dash
	}
	for at := 0.0; at < length; at += step {
		end := math.Min(at+part, length)
		a, b := point{from.x + dx*at, from.y + dy*at}, point{from.x + dx*end, from.y + dy*end}
		c.fill(with, point{a.x + nx, a.y + ny}, point{b.x + nx, b.y + ny}, point{b.x - nx, b.y - ny}, point{a.x - nx, a.y - ny})
	}
}

// align is which part of a text stands at its point.
type align float64

const (
	left   align = 0
	middle align = 0.5
	right  align = 1
)

// text writes one line, upright centered on its point, and returns its width.
func (c *canvas) text(size float64, with color.Color, at point, a align, s string) float64 {
	face, err := opentype.NewFace(c.letters, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return 0 // a size that is none: ours are constants
	}
	defer face.Close() //nolint:errcheck // it holds nothing but memory
	width := float64(font.MeasureString(face, s)) / 64
	d := font.Drawer{Dst: c, Src: image.NewUniform(with), Face: face, Dot: fixed.Point26_6{
		X: fixed.Int26_6((at.x - float64(a)*width) * 64), Y: fixed.Int26_6((at.y + size*0.36) * 64),
	}}
	d.DrawString(s)
	return width
}

// spelled is a text whose letters are all here, or nothing: boxes in the place
// of letters tell nobody anything. There are Latin, Greek and Cyrillic ones.
func (c *canvas) spelled(s string) string {
	for _, r := range s {
		if i, err := c.letters.GlyphIndex(nil, r); err != nil || i == 0 {
			return ""
		}
	}
	return s
}
