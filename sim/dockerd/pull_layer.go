package dockerd

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/docker/docker/api/types/registry"
)

// login sends what the caller gave for the registry.
func (p puller) login(req *http.Request) {
	text, err := base64.URLEncoding.DecodeString(p.auth)
	var auth registry.AuthConfig
	if err == nil && json.Unmarshal(text, &auth) == nil && auth.Username != "" {
		req.SetBasicAuth(auth.Username, auth.Password)
	}
}

// patience is how long dockerd waits before each of its further tries for a
// layer: then it gives the pull up, and all that it had.
var patience = []time.Duration{5 * time.Second, 10 * time.Second, 15 * time.Second, 20 * time.Second}

// layer fetches a layer, and the rest of it where the connection was cut.
func (p puller) layer(ctx context.Context, repo, sum string) ([]byte, error) {
	var have []byte
	for try := 0; ; try++ {
		more, whole, err := p.rest(ctx, repo+"/blobs/"+sum, len(have))
		have = append(have, more...)
		if whole && digest(have) != sum {
			return nil, broken("filesystem layer verification failed for digest %s", sum)
		}
		if whole || try == len(patience) {
			return have, err
		}
		if !p.e.wait(patience[min(try, len(patience)-1)], ctx.Done(), nil) {
			return nil, broken("context canceled")
		}
	}
}

// rest fetches what follows the first bytes of a blob; whole says that nothing
// is missing behind it.
func (p puller) rest(ctx context.Context, path string, from int) (body []byte, whole bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.host+"/v2/"+path, nil)
	if err != nil {
		return nil, false, broken("%v", err)
	}
	p.login(req)
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, false, broken("Get %q: %s", "http://"+p.host+"/v2/", dialed(err, p.host))
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK && (from == 0 || resp.StatusCode != http.StatusPartialContent) {
		return nil, false, broken("received unexpected HTTP status: %s", resp.Status)
	}
	body, err = io.ReadAll(resp.Body)
	return body, err == nil, err
}

// fetchedAs is the layer that a registry gave under a digest.
func (e *Engine) fetchedAs(sum string) *layer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.blobs[sum]
}

func (e *Engine) fetched(sum string, l *layer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.blobs[sum] = l
}
