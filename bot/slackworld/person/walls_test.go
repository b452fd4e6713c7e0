package person

import (
	"testing"

	"vmqbot/walls"
)

func TestWalls(t *testing.T) { walls.Adapter(t, "github.com/chromedp/chromedp") }
