package facts

import (
	"slices"
	"strings"
)

// Library is what a host's engine has to make containers from: read only when a
// verb asks for it.
type Library struct {
	Images     []Stored     `json:"images"`
	Beneath    []string     `json:"beneath,omitempty"`    // ids of what has no reference and others are built on: Docker keeps it, and lists it to nobody who does not ask for all
	Arch       string       `json:"arch"`                 // the engine's, as Go names it: amd64
	Root       string       `json:"root"`                 // the folder of the engine
	Containerd bool         `json:"containerd,omitempty"` // containerd keeps the images: an id there is no configuration's digest
	Disk       Seen[Disk]   `json:"disk"`                 // under Root
	Home       Seen[Disk]   `json:"home"`                 // under the login user's folder
	Ends       Seen[string] `json:"ends"`                 // the line with which the container's own start script leaves the cluster when it is stopped; "" when it has none
}

// Stored is one image of a host, whole.
type Stored struct {
	ImageDetail
	Tags   []string `json:"tags,omitempty"`
	Pulled []string `json:"pulled,omitempty"` // the digests under which registries gave it, as references
	Layers []string `json:"layers"`           // digests of the unpacked layers, the lowest first
	Sizes  []int64  `json:"sizes,omitempty"`  // bytes of each; nil where the engine does not tell
}

// Commandless reports an image that says nothing of how it starts, and whether
// it went through docker import, which forgets that.
func (d ImageDetail) Commandless() bool { return len(d.Entrypoint) == 0 && len(d.Cmd) == 0 }

// Tagged finds an image by reference.
func (l Library) Tagged(ref string) (Stored, bool) {
	i := slices.IndexFunc(l.Images, func(s Stored) bool { return slices.Contains(s.Tags, Canonical(ref)) })
	if i < 0 {
		return Stored{}, false
	}
	return l.Images[i], true
}

// Of finds an image by its id.
func (l Library) Of(id string) (Stored, bool) {
	i := slices.IndexFunc(l.Images, func(s Stored) bool { return s.ID == id })
	if i < 0 {
		return Stored{}, false
	}
	return l.Images[i], true
}

// Shared is how many of the lowest layers are on the host already: an engine
// knows a layer by everything below it, so the first that it lacks ends it.
func (l Library) Shared(layers []string) int {
	most := 0
	for _, i := range l.Images {
		n := 0
		for n < len(layers) && n < len(i.Layers) && i.Layers[n] == layers[n] {
			n++
		}
		most = max(most, n)
	}
	return most
}

// Canonical writes a reference as Docker means it: with its tag, without the
// registry that is meant when none is named.
func Canonical(ref string) string {
	ref = strings.TrimPrefix(strings.TrimPrefix(ref, "docker.io/"), "library/")
	if ref != "" && !strings.Contains(ref, "@") && !strings.Contains(ref[strings.LastIndex(ref, "/")+1:], ":") {
		ref += ":latest"
	}
	return ref
}

// Holds reports whether the engine has an image, also beneath others.
func (l Library) Holds(id string) bool {
	_, there := l.Of(id)
	return there || slices.Contains(l.Beneath, id)
}
