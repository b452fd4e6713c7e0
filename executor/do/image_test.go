package do_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// shipper notes what it is asked.
type shipper struct {
	asked ops.ShipImage
	time  time.Duration
	err   error
}

func (s *shipper) Ship(ctx context.Context, _ regions.Node, a ops.ShipImage, line func(string)) error {
	until, _ := ctx.Deadline()
	s.asked, s.time = a, time.Until(until)
	line("\rbrought: 1.0 of 2.0 MB")
	return s.err
}

// TestAnImageIsShipped by whoever ships, with more time than any other action.
func TestAnImageIsShipped(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	a := ops.ShipImage{Image: "a:1", ID: "sha256:1", From: "cn-1"}
	if _, err := d.Do(t.Context(), cn, a, nil); ops.CodeOf(err) != ops.Invalid {
		t.Errorf("nobody ships: %v", err)
	}
	s := &shipper{}
	d.Shipper = s
	if _, err := d.Do(t.Context(), cn, a, nil); err != nil || s.asked != a || s.time < time.Hour {
		t.Errorf("%+v in %s, %v", s.asked, s.time, err)
	}
	s.err = errors.New("the stock is damaged")
	var own *ops.Error
	if _, err := d.Do(t.Context(), cn, a, nil); !errors.As(err, &own) {
		t.Errorf("%v", err)
	}
}

func TestImagesAreCalledAndRemoved(t *testing.T) {
	enginetest.Need(t)
	d, _ := doer(t)
	for _, a := range []ops.Action{ops.TagImage{ID: enginetest.Image, Ref: "called:1"}, ops.RemoveImage{Ref: "called:1"}, ops.RemoveImage{Ref: "called:1"}} {
		if _, err := d.Do(t.Context(), cn, a, nil); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	if _, err := d.Do(t.Context(), cn, ops.TagImage{ID: "nosuch:1", Ref: "called:1"}, nil); ops.CodeOf(err) != ops.Failed {
		t.Errorf("%v", err)
	}
}
