package weave

import "encoding/json"

// connectionFacts is a connection as data for people and scripts.
type connectionFacts struct {
	Direction string `json:"direction"` // "outbound" or "inbound"
	Address   string `json:"address"`
	State     State  `json:"state"`
	Info      string `json:"info"`
	Peer      string `json:"peer"`
	Nickname  string `json:"nickname"`
	Carrier   string `json:"carrier"`
	MTU       int    `json:"mtu"`
	Encrypted bool   `json:"encrypted"`
	Error     string `json:"error,omitempty"`
	Retry     string `json:"retry,omitempty"`
}

// Direction is "outbound" when this end dialed and "inbound" otherwise.
func (c Connection) Direction() string { return direction(c.Outbound) }

// Direction is "outbound" when the peer that lists it dialed.
func (c PeerConnection) Direction() string { return direction(c.Outbound) }

func direction(outbound bool) string {
	if outbound {
		return "outbound"
	}
	return "inbound"
}

// MarshalJSON writes a connection with snake_case keys and its direction as a
// word.
func (c Connection) MarshalJSON() ([]byte, error) {
	return json.Marshal(connectionFacts{
		Direction: c.Direction(), Address: c.Address, State: c.State, Info: c.Info,
		Peer: c.PeerName, Nickname: c.NickName, Carrier: c.Carrier, MTU: c.MTU,
		Encrypted: c.Encrypted, Error: c.Error, Retry: c.Retry,
	})
}

// MarshalJSON writes the direction as a word and the state as Connection does.
func (c PeerConnection) MarshalJSON() ([]byte, error) {
	state := Pending
	if c.Established {
		state = Established
	}
	return json.Marshal(struct {
		Direction string `json:"direction"`
		Address   string `json:"address"`
		State     State  `json:"state"`
		Peer      string `json:"peer"`
		Nickname  string `json:"nickname"`
	}{c.Direction(), c.Address, state, c.Name, c.NickName})
}
