package broker

import (
	"encoding/json"
)

// entry is one replicated value. The higher clock wins, then the higher node
// name, so that all nodes end with the same.
type entry struct {
	Key   string          `json:"key"`
	Val   json.RawMessage `json:"val,omitempty"`
	Clock uint64          `json:"clock"`
	By    string          `json:"by"`
	Gone  bool            `json:"gone,omitempty"`
}

func (e entry) version() version { return version{e.Clock, e.By} }

// version orders the writes to one key.
type version struct {
	Clock uint64
	By    string
}

func (v version) before(w version) bool {
	return v.Clock < w.Clock || v.Clock == w.Clock && v.By < w.By
}
