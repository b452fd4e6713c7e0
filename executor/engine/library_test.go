package engine_test

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/ops"
	"vmqbot/secret"
)

// TestTheLibraryIsWhole: each image with what it starts with, its layers and
// their sizes, as a real engine tells them.
func TestTheLibraryIsWhole(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "vernemq:whole", `CMD ["start_vernemq"]`)
	l, err := e.Library(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	guest, there := l.Tagged(enginetest.Image)
	if !there || !guest.Commandless() || !strings.Contains(guest.Comment, "Imported from") {
		t.Errorf("%+v", guest) // docker import made it
	}
	whole, there := l.Tagged("docker.io/library/vernemq:whole")
	if !there || whole.Commandless() || whole.Cmd[0] != "start_vernemq" || len(whole.Layers) == 0 || !slices.Equal(whole.Layers[:1], guest.Layers) {
		t.Errorf("%+v", whole)
	}
	if l.Shared(whole.Layers) != len(whole.Layers) || l.Shared([]string{"sha256:other"}) != 0 || l.Shared(append(slices.Clone(guest.Layers), "sha256:new")) != len(guest.Layers) {
		t.Errorf("shared: %d of %v", l.Shared(whole.Layers), whole.Layers)
	}
	if guest.Sizes == nil || guest.Sizes[0] == 0 || l.Arch == "" || l.Root == "" || l.Containerd {
		t.Errorf("%+v", l)
	}
	if again, there := l.Of(whole.ID); !there || again.ID != whole.ID {
		t.Errorf("%+v", again)
	}
}

// TestWhatLiesBeneathIsHeld: an image that lost its reference while another one
// is built on it is in no list of images, and there all the same.
func TestWhatLiesBeneathIsHeld(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "vernemq:below", `LABEL lies="below"`)
	below, err := e.Image(t.Context(), "vernemq:below")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][]string{{"create", "--name", "above", "vernemq:below", "/bin/guest"}, {"commit", "above", "vernemq:above"}, {"rm", "above"}, {"tag", enginetest.Image, "vernemq:below"}} {
		if out, err := docker.Command(t.Context(), c...); err != nil {
			t.Fatal(out, err)
		}
	}
	t.Cleanup(func() {
		if err := e.RemoveImage(context.Background(), "vernemq:above"); err != nil {
			t.Error(err)
		}
	})
	l, err := e.Library(t.Context())
	if _, listed := l.Of(below.ID); err != nil || listed || !l.Holds(below.ID) || !slices.Contains(l.Beneath, below.ID) {
		t.Errorf("%+v %v", l.Beneath, err)
	}
	if above, there := l.Tagged("vernemq:above"); !there || !l.Holds(above.ID) || slices.Contains(l.Beneath, above.ID) {
		t.Errorf("%+v", l)
	}
	if guest, _ := l.Tagged(enginetest.Image); slices.Contains(l.Beneath, guest.ID) || l.Holds("sha256:other") {
		t.Error(guest) // others are built on it, and it has its reference
	}
}

func TestAnImageIsSavedAndCalled(t *testing.T) {
	e := open(t, &enginetest.Host{})
	info, err := e.Image(t.Context(), enginetest.Image)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = e.Save(t.Context(), info.ID, func(r io.Reader) error {
		for a := tar.NewReader(r); ; {
			h, err := a.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			names = append(names, h.Name)
		}
	})
	if err != nil || !slices.Contains(names, "manifest.json") {
		t.Errorf("%v %v", names, err)
	}
	mine := ops.Errorf(ops.Failed, "", "The bot's disk is full.")
	if err := e.Save(t.Context(), info.ID, func(io.Reader) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("what reading said is told as %v", err)
	}
	if err := e.Save(t.Context(), "sha256:"+strings.Repeat("0", 64), func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err == nil {
		t.Error("an image that is not there is saved")
	}
	if err := e.Tag(t.Context(), info.ID, "airdroid/vernemq:called"); err != nil {
		t.Fatal(err)
	}
	if got, err := e.Image(t.Context(), "airdroid/vernemq:called"); err != nil || got.ID != info.ID {
		t.Errorf("%+v %v", got, err)
	}
	for range 2 { // one that is not there is fine
		if err := e.RemoveImage(t.Context(), "airdroid/vernemq:called"); err != nil {
			t.Error(err)
		}
	}
	if _, err := e.Image(t.Context(), enginetest.Image); err != nil {
		t.Errorf("the image went with one of two references: %v", err)
	}
	docker.Container(t, "vernemq-keeps")
	if err := e.RemoveImage(t.Context(), enginetest.Image); err == nil {
		t.Error("what a container is made of is taken away")
	}
}

// TestOneImageIsLookedFor without reading all others.
func TestOneImageIsLookedFor(t *testing.T) {
	e := open(t, &enginetest.Host{})
	d, err := e.Image(t.Context(), enginetest.Image)
	if err != nil {
		t.Fatal(err)
	}
	got, inContainerd, ok, err := e.Holds(t.Context(), d.ID)
	if err != nil || !ok || inContainerd || got.ID != d.ID || !slices.Contains(got.Tags, enginetest.Image) || len(got.Layers) != 1 {
		t.Errorf("%+v %v %v %v", got, inContainerd, ok, err)
	}
	if _, _, ok, err := e.Holds(t.Context(), "sha256:"+strings.Repeat("0", 64)); ok || err != nil {
		t.Errorf("one that is not there: %v %v", ok, err)
	}
}

// TestAPushThatIsRefused is told as the engine says it: nobody listens there.
func TestAPushThatIsRefused(t *testing.T) {
	e := open(t, &enginetest.Host{})
	const ref = "127.0.0.1:1/vmqbot/image:x"
	if err := e.Tag(t.Context(), enginetest.Image, ref); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = docker.Command(context.Background(), "rmi", ref) })
	err := e.Push(t.Context(), ref, "vmqbot", secret.New("token"))
	var own *engine.Error
	if !errors.As(err, &own) || own.Unknown || !strings.Contains(err.Error(), "refused") {
		t.Errorf("%v", err)
	}
}
