package slackworld

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// recorder keeps an answer.
type recorder struct {
	Code   int
	Body   bytes.Buffer
	header http.Header
}

func newRecorder() *recorder { return &recorder{Code: http.StatusOK, header: http.Header{}} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return r.Body.Write(b) }
func (r *recorder) WriteHeader(code int)        { r.Code = code }

// merge lays what the test says about an object over local-slack's answer.
func (r *recorder) merge(key string, more map[string]map[string]any) {
	var out map[string]any
	if json.Unmarshal(r.Body.Bytes(), &out) != nil {
		return
	}
	object, ok := out[key].(map[string]any)
	if !ok {
		return
	}
	id, _ := object["id"].(string)
	for k, v := range more[id] {
		object[k] = v
	}
	r.Body.Reset()
	_ = json.NewEncoder(&r.Body).Encode(out)
}
