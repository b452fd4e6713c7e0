package wan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"time"
)

// Half is an HTTP proxy until ctx ends, which leaves away the second half of
// every answer. For HTTP the answer is whole: who asks has to see it in the
// words.
func Half(ctx context.Context, l net.Listener, target string) error {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: target})
	proxy.ModifyResponse = func(r *http.Response) error {
		whole, err := io.ReadAll(r.Body)
		err = errors.Join(err, r.Body.Close())
		half := whole[:len(whole)/2]
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(half)), int64(len(half))
		r.Header.Set("Content-Length", strconv.Itoa(len(half)))
		return err
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
