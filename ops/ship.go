package ops

import "fmt"

// ShipSelf puts the bot's own program onto the node's host, in one atomic step.
// A path that does not begin with / lies in the login user's folder.
type ShipSelf struct {
	Path   string `json:"ship_self"`
	SHA256 string `json:"sha256"` // of the program that is meant: another one is refused
	Size   int64  `json:"size"`   // bytes
}

func (ShipSelf) action() {}

// String names the program by its digest.
func (s ShipSelf) String() string {
	return fmt.Sprintf("put this bot's program at %s (%d bytes, sha256 %s)", display(s.Path), s.Size, s.SHA256)
}
