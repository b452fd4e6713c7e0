package weavenet

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
)

// What routers say to each other: a letter, a length and a content. The real
// protocol is encrypted; what it carries is the same.
const (
	sayHello = 'h' // JSON of hello
	sayPeers = 'p' // records of peers, one after the other
	sayRing  = 'r' // JSON of the shares of the address range
	sayBeat  = 'b' // a heartbeat, by UDP in the real one
	sayAck   = 'a' // its answer
)

// maxMessage is mesh's own limit.
const maxMessage = 10 << 20

// message is one thing said.
type message struct {
	kind    byte
	content []byte
}

// hello introduces a router, as mesh's features do.
type hello struct {
	Name, NickName string
	UID            uint64
	ShortID        uint16
	ConnID         uint64
	Trusted        bool   // the peer is on a subnet that is trusted
	FastDP         bool   // the kernel forwards packets
	Proof          string // of the password; "" without one
}

func inJSON(kind byte, v any) message {
	b, _ := json.Marshal(v) // of plain fields: it cannot fail
	return message{kind, b}
}

// write sends a message in one piece.
func (m message) write(w io.Writer) error {
	b := binary.AppendUvarint([]byte{m.kind}, uint64(len(m.content)))
	_, err := w.Write(append(b, m.content...))
	return err
}

var errForeign = errors.New("remote protocol header not recognized")

// read waits for the next message.
func read(r *bufio.Reader) (message, error) {
	kind, err := r.ReadByte()
	if err != nil {
		return message{}, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return message{}, err
	}
	if n > maxMessage || kind != sayHello && kind != sayPeers && kind != sayRing && kind != sayBeat && kind != sayAck {
		return message{}, errForeign
	}
	m := message{kind, make([]byte, n)}
	_, err = io.ReadFull(r, m.content)
	return m, err
}
