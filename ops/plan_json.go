package ops

import "encoding/json"

// MarshalJSON writes the plan with its hash, and empty lists as [] and never
// as null: a program that counts steps must not fall over a plan without any.
func (p Plan) MarshalJSON() ([]byte, error) {
	type plain Plan // without this method
	q := struct {
		plain
		Hash string `json:"hash"`
	}{plain(p), p.Hash()}
	q.Locks, q.Notes, q.Steps = full(p.Locks), full(p.Notes), full(p.Steps)
	return json.Marshal(q)
}

// MarshalJSON writes the operation with empty lists as [].
func (o Operation) MarshalJSON() ([]byte, error) {
	type plain Operation // without this method
	o.Locks = full(o.Locks)
	return json.Marshal(plain(o))
}

func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
