package ops

import (
	"crypto/sha256"
	"fmt"
)

// RevertDir is where a host keeps what it needs to take back a change of Docker's
// network by itself.
const RevertDir = "/var/lib/vmqbot/prepare"

// Script runs a shell script of the bot's own on the node's host. The script is
// constant; what differs are its arguments, which are words to it and no text.
type Script struct {
	Says string   `json:"says"` // what it does, for a reader: the imperative
	Text string   `json:"script"`
	Args []string `json:"-"` // may hold a file with secrets: they are shown by a digest only
}

// CopyFile copies a small file from another node's host, or from this machine,
// as the login user, in one atomic step. Content with another digest is refused.
type CopyFile struct {
	From   string `json:"from"` // node; "" is the machine that the bot runs on
	Path   string `json:"copy_file"`
	To     string `json:"to"` // one that does not begin with / lies in the login user's folder
	SHA256 string `json:"sha256"`
	Mode   uint32 `json:"mode"`
}

// Reconnect closes the connection to the host and makes another one: what ended
// with the old one is noticed, and new groups of the login user hold.
type Reconnect struct{}

func (Script) action()    {}
func (CopyFile) action()  {}
func (Reconnect) action() {}

// String says what it does, and names the script and its arguments by a digest:
// an approval covers them.
func (s Script) String() string {
	sum := sha256.New()
	for _, part := range append([]string{s.Text}, s.Args...) {
		_, _ = fmt.Fprintf(sum, "%d %s ", len(part), part)
	}
	return fmt.Sprintf("%s (a script, sha256 %x)", s.Says, sum.Sum(nil))
}

// String names the file by its digest.
func (c CopyFile) String() string {
	return fmt.Sprintf("copy %s of %s to %s (sha256 %s)", display(c.Path), whose(c.From), display(c.To), c.SHA256)
}

// String says it.
func (Reconnect) String() string { return "connect anew" }

func whose(node string) string {
	if node == "" {
		return "this machine"
	}
	return "the host of " + display(node)
}
