package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"vmqbot/facts"
)

// State is what the guard tells about itself: it is kept in a file of the host
// and read by guard status.
type State = facts.GuardState

// ParseState reads a state; one that was cut is refused.
func ParseState(text []byte) (State, error) {
	var s State
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if err == nil {
		if _, rest := d.Token(); !errors.Is(rest, io.EOF) {
			err = errors.New("something stands behind it")
		}
	}
	if err == nil {
		_, err = ParseConfig([]byte(s.Config))
	}
	if err != nil {
		return State{}, fmt.Errorf("what the guard says of itself is not understood: %w", err)
	}
	return s, nil
}
