package dockerd

import (
	"errors"
	"strings"
	"time"

	"github.com/distribution/reference"
)

// familiar writes a reference as people do: without docker.io/library, with a
// tag.
func familiar(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil && strings.Contains(err.Error(), "must be lowercase") {
		return "", errors.New("invalid reference format: repository name must be lowercase")
	}
	if err != nil {
		return "", err
	}
	return reference.FamiliarString(reference.TagNameOnly(named)), nil
}

// image finds one by reference, id, or beginning of an id; nil when there is
// none. The caller holds the lock.
func (e *Engine) image(ref string) *image {
	if i := e.images[ref]; i != nil {
		return i
	}
	if name, err := familiar(ref); err == nil {
		if i := e.images[e.tags[name]]; i != nil {
			return i
		}
	}
	short := strings.TrimPrefix(ref, "sha256:")
	var found *image
	for id, i := range e.images {
		if len(short) >= 4 && strings.HasPrefix(id, "sha256:"+short) {
			if found != nil {
				return nil // more than one
			}
			found = i
		}
	}
	return found
}

// named is a reference that misses a tag with it, for messages.
func named(ref string) string {
	if name, err := familiar(ref); err == nil && !strings.HasPrefix(ref, "sha256:") {
		return name
	}
	return ref
}

// Tag gives an image another reference.
func (e *Engine) Tag(ref, repo, tag string) error {
	if tag != "" {
		repo += ":" + tag
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.image(ref)
	if i == nil {
		return missing("No such image: %s", named(ref))
	}
	name, err := familiar(repo)
	if err != nil {
		return broken("%v", err)
	}
	e.tags[name], i.tagged = i.id, time.Now()
	e.emit("image", "tag", i.id, map[string]string{"name": name})
	return nil
}

// Gone is one line of what removing an image did.
type Gone struct {
	Untagged string `json:",omitempty"`
	Deleted  string `json:",omitempty"`
}

// RemoveImage takes a reference away, and the image with the last one.
func (e *Engine) RemoveImage(ref string, force bool) ([]Gone, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.image(ref)
	if i == nil {
		return nil, missing("No such image: %s", named(ref))
	}
	tags := e.tagsOf(i.id)
	byID := e.tags[named(ref)] != i.id
	if byID && len(tags) > 1 && !force {
		return nil, conflict("conflict: unable to delete %s (must be forced) - image is referenced in multiple repositories", short(i.id))
	}
	if err := e.used(i, ref, byID, len(tags), force); err != nil {
		return nil, err
	}
	var gone []Gone
	for _, tag := range tags {
		if byID || tag == named(ref) {
			delete(e.tags, tag)
			gone = append(gone, Gone{Untagged: tag})
			e.emit("image", "untag", i.id, map[string]string{"name": i.id})
		}
	}
	if len(e.tagsOf(i.id)) > 0 || e.user(i) != nil {
		return gone, nil
	}
	delete(e.images, i.id)
	e.emit("image", "delete", i.id, map[string]string{"name": i.id})
	gone = append(gone, Gone{Deleted: i.id})
	for n := len(i.layers) - 1; n >= 0; n-- {
		if !e.layered(i.layers[n]) {
			gone = append(gone, Gone{Deleted: i.layers[n].diffID})
		}
	}
	return gone, nil
}

// used refuses to take the last reference of an image that containers use.
func (e *Engine) used(i *image, ref string, byID bool, tags int, force bool) error {
	c := e.user(i)
	switch {
	case c == nil:
		return nil
	case byID && c.st.live():
		return conflict("conflict: unable to delete %s (cannot be forced) - image is being used by running container %s", short(i.id), c.id[:12])
	case byID && !force:
		return conflict("conflict: unable to delete %s (must be forced) - image is being used by stopped container %s", short(i.id), c.id[:12])
	case !byID && tags == 1 && !force:
		return conflict("conflict: unable to remove repository reference %q (must force) - container %s is using its referenced image %s", ref, c.id[:12], short(i.id))
	}
	return nil
}

func short(id string) string { return strings.TrimPrefix(id, "sha256:")[:12] }

// user is a container that uses an image, one that runs before others; nil
// when none does.
func (e *Engine) user(i *image) *Container {
	var found *Container
	for _, c := range e.newest() {
		if c.image == i && (found == nil || c.st.live()) {
			found = c
		}
	}
	return found
}

func (e *Engine) layered(l *layer) bool {
	for _, i := range e.images {
		for _, n := range i.layers {
			if n == l {
				return true
			}
		}
	}
	return false
}
