package registry

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"vmqbot/executor/stock"
)

// Intake is a handler that an engine pushes one image to, known beforehand by its
// id and layers. It takes what is part of that image and nothing else, and says
// of every layer that the stock has, however it was packed, that it is there.
type Intake struct {
	stock  *stock.Stock
	id     string
	layers []string
	token  string
	told   func(int64)

	answers sync.RWMutex // held for reading while something is answered
	closed  bool

	mu      sync.Mutex
	uploads map[string]*stock.Incoming
}

// NewIntake makes one. told hears of bytes as they come, at any time from any
// goroutine. Close it when nothing is served any more.
func NewIntake(s *stock.Stock, id string, layers []string, token string, told func(int64)) *Intake {
	return &Intake{stock: s, id: id, layers: layers, token: token, told: told, uploads: map[string]*stock.Incoming{}}
}

// Close waits for the answers that are being given, so the connections end before
// it, and drops what was begun and did not end.
func (i *Intake) Close() {
	i.answers.Lock()
	defer i.answers.Unlock()
	i.closed = true
	for _, u := range i.uploads {
		u.Drop()
	}
	i.uploads = nil
}

// mostManifest bounds a manifest, which is some kilobytes.
const mostManifest = 1 << 20

// ServeHTTP answers what an engine asks when it pushes.
func (i *Intake) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	i.answers.RLock()
	defer i.answers.RUnlock()
	if i.closed {
		refuse(w, http.StatusServiceUnavailable, "UNAVAILABLE")
		return
	}
	if !admitted(w, req, i.token) {
		return
	}
	rest, inside := strings.CutPrefix(req.URL.Path, "/v2/"+Name+"/")
	upload, uploads := strings.CutPrefix(rest, "blobs/uploads/")
	kind, id, _ := strings.Cut(rest, "/")
	switch {
	case req.URL.Path == "/v2/":
		w.WriteHeader(http.StatusOK)
	case inside && uploads && req.Method == http.MethodPost && upload == "":
		i.begin(w)
	case inside && uploads && (req.Method == http.MethodPatch || req.Method == http.MethodPut):
		i.goOn(w, req, upload)
	case inside && kind == "blobs" && req.Method == http.MethodHead:
		i.has(w, id)
	case inside && kind == "manifests" && req.Method == http.MethodPut:
		i.manifest(w, req)
	default:
		refuse(w, http.StatusNotFound, "BLOB_UNKNOWN")
	}
}

// has says whether a blob is here.
func (i *Intake) has(w http.ResponseWriter, id string) {
	size := int64(-1)
	if id == i.id {
		if image, ok, err := i.stock.Image(id); err == nil && ok {
			size = int64(len(image.Config))
		}
	}
	for _, diffID := range i.layers {
		if l, err := i.stock.Layer(diffID); err == nil && l.Knows(id) {
			size = l.Size
		}
	}
	if size < 0 {
		refuse(w, http.StatusNotFound, "BLOB_UNKNOWN")
		return
	}
	w.Header().Set("Docker-Content-Digest", id)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", fmt.Sprint(size))
	w.WriteHeader(http.StatusOK)
}

func (i *Intake) begin(w http.ResponseWriter) {
	u, err := i.stock.Receive()
	if err != nil {
		refuse(w, http.StatusInternalServerError, "UNKNOWN")
		return
	}
	name := rand.Text()
	i.put(name, u)
	accepted(w, name, 0)
}

// goOn writes more of a blob, and with PUT ends it.
func (i *Intake) goOn(w http.ResponseWriter, req *http.Request, name string) {
	i.mu.Lock()
	u, ok := i.uploads[name]
	delete(i.uploads, name) // whoever writes has it alone
	i.mu.Unlock()
	if !ok {
		refuse(w, http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN")
		return
	}
	if _, err := io.Copy(u, &heard{req.Body, i.told}); err != nil {
		u.Drop()
		refuse(w, http.StatusInternalServerError, "BLOB_UPLOAD_INVALID")
		return
	}
	if req.Method == http.MethodPatch {
		i.put(name, u)
		accepted(w, name, u.Size())
		return
	}
	id := req.URL.Query().Get("digest")
	if err := u.Keep(id, i.id, i.layers); err != nil {
		refuse(w, http.StatusBadRequest, "DIGEST_INVALID")
		return
	}
	w.Header().Set("Docker-Content-Digest", id)
	w.Header().Set("Location", "/v2/"+Name+"/blobs/"+id)
	w.WriteHeader(http.StatusCreated)
}

func (i *Intake) put(name string, u *stock.Incoming) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.uploads[name] = u
}

// accepted tells where the rest of a blob is to go.
func accepted(w http.ResponseWriter, name string, size int64) {
	w.Header().Set("Location", "/v2/"+Name+"/blobs/uploads/"+name)
	w.Header().Set("Docker-Upload-UUID", name)
	w.Header().Set("Range", fmt.Sprintf("0-%d", max(0, size-1)))
	w.WriteHeader(http.StatusAccepted)
}

// manifest takes what names the parts, which nobody reads: the image's own
// configuration names them.
func (i *Intake) manifest(w http.ResponseWriter, req *http.Request) {
	sum := sha256.New()
	if n, err := io.Copy(sum, io.LimitReader(req.Body, mostManifest+1)); err != nil || n > mostManifest {
		refuse(w, http.StatusBadRequest, "MANIFEST_INVALID")
		return
	}
	w.Header().Set("Docker-Content-Digest", "sha256:"+hex.EncodeToString(sum.Sum(nil)))
	w.WriteHeader(http.StatusCreated)
}

// heard tells of what is read.
type heard struct {
	io.Reader
	told func(int64)
}

// Read reads and tells.
func (h *heard) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.told(int64(n))
	return n, err
}
