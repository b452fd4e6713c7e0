package picture

import (
	"image/color"
	"math"
	"time"

	"vmqbot/checks"
)

// The colors. Blue tells how far, and green, red and gray tell whether; so
// that who cannot tell red from green reads the words and dashes.
var (
	paper = color.RGBA{255, 255, 255, 255}
	ink   = color.RGBA{29, 28, 29, 255}
	faint = color.RGBA{97, 96, 97, 255}
	line  = color.RGBA{221, 221, 221, 255}
	empty = color.RGBA{244, 244, 244, 255}
	good  = color.RGBA{0, 122, 90, 255}
	bad   = color.RGBA{200, 30, 60, 255}
	pale  = color.RGBA{252, 228, 233, 255} // behind what is bad
	blind = color.RGBA{150, 150, 150, 255}
)

// of is the color of a verdict.
func of(v checks.Verdict) color.RGBA {
	switch v {
	case checks.OK:
		return good
	case checks.Bad:
		return bad
	default:
		return blind
	}
}

// The scale of round trips: what is nearer or farther than its ends has the
// color of the end.
const (
	nearest  = time.Millisecond
	farthest = 400 * time.Millisecond
)

// ramp are the colors of the scale, evenly apart on its logarithm.
var ramp = []color.RGBA{{237, 246, 255, 255}, {190, 220, 247, 255}, {125, 180, 232, 255}, {62, 130, 205, 255}, {24, 78, 155, 255}}

// heat is the color of a round trip.
func heat(d time.Duration) color.RGBA {
	at := math.Log(float64(max(d, nearest))/float64(nearest)) / math.Log(float64(farthest)/float64(nearest))
	return along(math.Min(at, 1))
}

// along is the color at a part of the scale, 0 to 1.
func along(at float64) color.RGBA {
	at *= float64(len(ramp) - 1)
	i := min(int(at), len(ramp)-2)
	part := at - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
	a, b := ramp[i], ramp[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// over is the color of letters on a background.
func over(c color.RGBA) color.RGBA {
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) < 140_000 {
		return paper
	}
	return ink
}
