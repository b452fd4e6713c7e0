package weavenet

import (
	"bytes"
	"net/http"
)

// Halve makes the router of this host answer with the first half of what it has
// to say, as if it broke off; or no more.
func (h *Host) Halve(on bool) { h.halved.Store(on) }

// half answers like a handler, with half the body while the host is halved. The
// answer is whole for HTTP: who asks has to see it in the words.
func (h *Host) half(whole http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.halved.Load() {
			whole.ServeHTTP(w, r)
			return
		}
		kept := kept{header: w.Header(), status: http.StatusOK}
		whole.ServeHTTP(&kept, r)
		w.WriteHeader(kept.status)
		_, _ = w.Write(kept.body.Bytes()[:kept.body.Len()/2])
	})
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
func (k *kept) WriteHeader(status int)      { k.status = status }
