package bot_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"vmqbot/bot/slackworld"
)

// TestTheMeshIsAPicture where everybody may see it, and a text beside it.
func TestTheMeshIsAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.TypeIn(slackworld.General, slackworld.Viewer, "mesh")
	if m := w.Await("not every link is up", "180 ms CHANNEL?"); m.Ephemeral != slackworld.Viewer {
		t.Errorf("elsewhere everybody can read it: %+v", m)
	}
	w.Type(slackworld.Viewer, "mesh")
	w.Until("a picture", func() bool { return len(w.Proxy.Calls("upload")) > 0 })
	body := w.Proxy.Calls("upload")[0].Args.Get("body")
	from := strings.Index(body, "\x89PNG")
	if from < 0 {
		t.Fatalf("no picture: %.200q", body)
	}
	if _, err := png.Decode(bytes.NewReader([]byte(body[from:]))); err != nil {
		t.Error(err)
	}
	w.Until("the picture in the channel", func() bool {
		for _, m := range w.Messages() {
			if m.Channel == slackworld.Channel && strings.Contains(string(m.Files), "mesh.png") {
				return true
			}
		}
		return false
	})
	if n := len(w.Proxy.Calls("upload")); n != 1 {
		t.Errorf("%d pictures", n)
	}
}
