package ops

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"vmqbot/secret"
)

// Action is one effect as a value, not as a closure. Its String is what the
// plan shows; the executor decides how it is done.
type Action interface {
	String() string
	action()
}

// Run runs a command line on the node's host. Env is added to its environment
// through its standard input, so that no user of the host reads a secret there.
type Run struct {
	Argv []Word `json:"run"`
	Env  []Var  `json:"env,omitempty"`
}

// Var is one variable of a command's environment.
type Var struct {
	Name  string `json:"name"`
	Value Word   `json:"value"`
}

// Exec runs a command line inside the node's container. Judge names the
// reader of its answer, for commands whose exit status says nothing; ""
// trusts the exit status.
type Exec struct {
	Container string `json:"container"`
	Argv      []Word `json:"exec"`
	Judge     Judge  `json:"judge,omitempty"`
}

// Judge names how an answer is read when its exit status is no proof.
type Judge string

// The judges.
const (
	ByExit  Judge = ""        // exit status 0 is success
	Rebound Judge = "rebound" // nodetool rpcterms start_listener: "ok" or already_started on stdout
	Ping    Judge = "ping"    // vernemq ping: "pong" on stdout
	Joined  Judge = "joined"  // vmq-admin cluster join: "Done", or a member already
	Left    Judge = "left"    // vmq-admin cluster leave: "Done" at the end
	Leaving Judge = "leaving" // vmq-admin cluster leave: as Left, or the answer broke off after a minute
	Set     Judge = "set"     // vmq-admin set: no alert
	Opened  Judge = "opened"  // vmq-admin listener start: "Done", or open already
)

// Wait does nothing but wait until the step's Verify is OK, and with Hold
// until it has stayed so.
type Wait struct {
	For  string        `json:"wait"`              // what is awaited, in words
	Hold time.Duration `json:"hold_ns,omitempty"` // how long it must stay OK, looked at again and again
}

// StartContainer starts a stopped container.
type StartContainer struct {
	Container string `json:"start_container"`
}

// WriteFile replaces a file on the node's host in one atomic step.
type WriteFile struct {
	Path    string `json:"write_file"`
	Content []byte `json:"content"`
	Mode    uint32 `json:"mode"` // permission bits
}

// CancelOperation asks a running operation to stop before its next step. It
// touches no host.
type CancelOperation struct {
	ID string `json:"cancel"`
}

func (Run) action()             {}
func (Exec) action()            {}
func (Wait) action()            {}
func (StartContainer) action()  {}
func (WriteFile) action()       {}
func (CancelOperation) action() {}

// String shows the command line as one would type it on the host.
func (r Run) String() string {
	line := "$ "
	for _, v := range r.Env {
		line += v.Name + "=" + Line([]Word{v.Value}) + " "
	}
	return line + Line(r.Argv)
}

// String shows the command line as one would type it on the host.
func (e Exec) String() string {
	return "$ docker exec " + Line(append(secret.Words(e.Container), e.Argv...))
}

// String says what is awaited.
func (w Wait) String() string { return "wait for " + w.For }

// String shows the command line as one would type it on the host.
func (s StartContainer) String() string {
	return "$ docker start " + Line(secret.Words(s.Container))
}

// String names the file and its content by digest: the plan's hash, and so an
// approval, must cover what is written.
func (w WriteFile) String() string {
	return fmt.Sprintf("write %s (%d bytes, mode %04o, sha256 %x)", display(w.Path), len(w.Content), w.Mode, sha256.Sum256(w.Content))
}

// String names the operation.
func (c CancelOperation) String() string { return "cancel " + c.ID }

// Line writes words for a reader: quoted where a POSIX shell would need it,
// secrets redacted. It is never given to a shell; the executor quotes argv
// itself, once, at the wire.
func Line(words []Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(display(w.String()))
	}
	return b.String()
}

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:/@%+=[]-"

func display(w string) string {
	switch {
	case w != "" && strings.Trim(w, plain) == "":
		return w
	case strings.ContainsFunc(w, hides): // or a word could forge lines of the plan
		quoted := strings.ReplaceAll(strconv.Quote(w), `\"`, `"`)
		return "$'" + strings.ReplaceAll(quoted[1:len(quoted)-1], "'", `\'`) + "'"
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// hides reports a rune that changes how a terminal shows the others.
func hides(r rune) bool { return !unicode.IsPrint(r) }
