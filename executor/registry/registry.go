// Package registry answers a Docker engine as a registry does (the distribution
// API, version 2): one image, to be read (Registry) or to be brought (Intake) by
// whoever knows the token, and nothing else. It listens nowhere; whoever serves it
// decides what it is reached by.
package registry

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"vmqbot/executor/stock"
)

// Name is the repository that the image is read from.
const Name = "vmqbot/image"

// User is who reads; the password is the token.
const User = "vmqbot"

// The media types of version 2, schema 2, which every engine reads.
const (
	manifestType = "application/vnd.docker.distribution.manifest.v2+json"
	configType   = "application/vnd.docker.container.image.v1+json"
	layerType    = "application/vnd.docker.image.rootfs.diff.tar.gzip"
)

// Registry is a handler for one image.
type Registry struct {
	Digest string // of the manifest: what an engine is told to read

	stock    *stock.Stock
	image    stock.Image
	manifest []byte
	token    string
	sent     atomic.Int64
}

type descriptor struct {
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size"`
	Digest    string `json:"digest"`
}

// New makes a registry of an image of which every layer is in the stock.
func New(s *stock.Stock, i stock.Image, token string) (*Registry, error) {
	if missing := i.Missing(0); len(missing) > 0 {
		return nil, fmt.Errorf("the layer %s is not in the bot's own stock", missing[0])
	}
	layers := []descriptor{}
	for _, l := range i.Layers {
		layers = append(layers, descriptor{layerType, l.Size, l.Digest})
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType, "layers": layers,
		"config": descriptor{configType, int64(len(i.Config)), i.ID},
	})
	sum := sha256.Sum256(manifest)
	return &Registry{Digest: "sha256:" + hex.EncodeToString(sum[:]), stock: s, image: i, manifest: manifest, token: token}, err
}

// Sent is how many bytes of layers have gone out, those that went twice counted
// twice.
func (r *Registry) Sent() int64 { return r.sent.Load() }

// ServeHTTP answers GET and HEAD for what the manifest names.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if !admitted(w, req, r.token) {
		return
	}
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		refuse(w, http.StatusMethodNotAllowed, "UNSUPPORTED")
		return
	}
	rest, inside := strings.CutPrefix(req.URL.Path, "/v2/"+Name+"/")
	kind, id, _ := strings.Cut(rest, "/")
	switch {
	case req.URL.Path == "/v2/":
		w.WriteHeader(http.StatusOK)
	case inside && kind == "manifests" && id == r.Digest:
		give(w, req, manifestType, id, bytes.NewReader(r.manifest))
	case inside && kind == "blobs" && id == r.image.ID:
		give(w, req, configType, id, bytes.NewReader(r.image.Config))
	case inside && kind == "blobs":
		r.layer(w, req, id)
	default:
		refuse(w, http.StatusNotFound, "MANIFEST_UNKNOWN")
	}
}

// admitted lets in whoever knows the token, and refuses everybody else.
func admitted(w http.ResponseWriter, req *http.Request, want string) bool {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	if user, token, _ := req.BasicAuth(); user == User && subtle.ConstantTimeCompare([]byte(token), []byte(want)) == 1 {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="vmqbot"`)
	refuse(w, http.StatusUnauthorized, "UNAUTHORIZED")
	return false
}

func (r *Registry) layer(w http.ResponseWriter, req *http.Request, id string) {
	for _, l := range r.image.Layers {
		if l.Digest != id {
			continue
		}
		f, err := r.stock.Open(l)
		if err != nil {
			break
		}
		defer f.Close() //nolint:errcheck // only read
		give(w, req, "application/octet-stream", id, &counted{f, &r.sent})
		return
	}
	refuse(w, http.StatusNotFound, "BLOB_UNKNOWN")
}

// give serves any range of a content, which is what a transfer that was cut
// asks for.
func give(w http.ResponseWriter, req *http.Request, kind, id string, content io.ReadSeeker) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Docker-Content-Digest", id)
	w.Header().Set("ETag", `"`+id+`"`)
	http.ServeContent(w, req, "", time.Time{}, content)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"errors":[{"code":%q}]}`, code)
}

// counted counts what is read.
type counted struct {
	io.ReadSeeker
	n *atomic.Int64
}

// Read reads and counts.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	c.n.Add(int64(n))
	return n, err
}
