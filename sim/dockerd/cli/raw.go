package cli

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/client"
)

// get asks for a path whose answer is printed as it is.
func (s *session) get(path string) ([]byte, error) {
	if _, err := s.api.Ping(s.Context()); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, "http://"+client.DummyHost+"/v1.41"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.api.HTTPClient().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode < 300 {
		return body, err
	}
	var said struct{ Message string }
	_ = json.Unmarshal(body, &said)
	err = errors.New("Error response from daemon: " + strings.TrimSpace(said.Message)) //nolint:staticcheck // docker's words
	if resp.StatusCode == http.StatusNotFound {
		return nil, errdefs.ErrNotFound.WithMessage(err.Error())
	}
	return nil, err
}

func isGone(err error) bool { return errdefs.IsNotFound(err) }
