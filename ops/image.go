package ops

import (
	"fmt"
	"strings"

	"vmqbot/secret"
)

// ShipImage brings an image from another node's host to the step's. Only layers
// that are not there travel, what was cut goes on where it ended, and the image
// is proven by its id.
type ShipImage struct {
	Image  string `json:"ship_image"` // the reference that it has there afterwards
	ID     string `json:"id"`         // digest of its configuration
	From   string `json:"from"`       // the node whose host has it; "" is an archive of this machine
	Layers int    `json:"layers"`     // 0 when it is not known
	Shared int    `json:"shared"`     // the lowest layers, which are there already
	Size   int64  `json:"size"`       // bytes of the others, unpacked; 0 when it is not known

	Archive string `json:"archive,omitempty"` // of docker save, on the machine that the bot runs on
}

// SettleImage gives an image that was just built the configuration that each such
// build has, so that two builds are one image, and its name.
type SettleImage struct {
	Built string `json:"settle_image"` // what the builder called it; goes
	Ref   string `json:"ref"`
	Epoch int64  `json:"epoch"` // the time that it says of itself, in seconds since 1970
}

// TagImage gives an image of the node's host a reference, and takes it from the
// image that had it.
type TagImage struct {
	ID  string `json:"tag_image"`
	Ref string `json:"ref"`
}

// RemoveImage takes a reference away, or an image without one by its id. It goes
// with its last reference. What a container is made of stays: nothing is forced.
type RemoveImage struct {
	Ref string `json:"remove_image"`
}

func (ShipImage) action()   {}
func (SettleImage) action() {}
func (TagImage) action()    {}
func (RemoveImage) action() {}

// String says what travels.
func (s ShipImage) String() string {
	size := ""
	if s.Size > 0 {
		size = fmt.Sprintf(", %.1f MB unpacked", float64(s.Size)/1e6)
	}
	which := "what is missing of it"
	if s.Layers > 0 {
		which = fmt.Sprintf("%d of its %d layers", s.Layers-s.Shared, s.Layers)
	}
	from := whose(s.From)
	if s.Archive != "" {
		from = display(s.Archive) + " on " + from
	}
	return fmt.Sprintf("bring %s (%s) from %s: %s%s", display(s.Image), ShortID(s.ID), from, which, size)
}

// String says what becomes of it.
func (s SettleImage) String() string {
	return fmt.Sprintf("take the times and names of this build out of %s, and call it %s", display(s.Built), display(s.Ref))
}

// String shows the command line as one would type it on the host.
func (t TagImage) String() string { return "$ docker tag " + Line(secret.Words(ShortID(t.ID), t.Ref)) }

// String shows the command line as one would type it on the host.
func (r RemoveImage) String() string { return "$ docker rmi " + Line(secret.Words(ShortID(r.Ref))) }

// ShortID is the first twelve digits of an image's id, as Docker prints them; a
// reference stays as it is.
func ShortID(id string) string {
	hex, ok := strings.CutPrefix(id, "sha256:")
	if !ok {
		return id
	}
	return hex[:min(12, len(hex))]
}
