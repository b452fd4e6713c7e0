package broker

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
)

// sized is a tag, the length as four bytes and the body.
func sized(tag string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte(tag), uint32(len(body)))
	return append(b, body...)
}

// serveChannel receives from one other node. Nodes that are not in this node's
// view are turned away: with the cluster port on 0.0.0.0 a node meets itself
// here, every second.
func (a *app) serveChannel(conn net.Conn) {
	r := bufio.NewReader(conn)
	name, err := readSized(r, "vmq-connect", 1<<16)
	if err != nil {
		return
	}
	if a.view.peer(string(name)) == nil {
		a.n.log.warn("vmq_cluster_com:process", "terminate due to remote_node_not_available")
		return
	}
	for {
		batch, err := readSized(r, "vmq-send", 1<<30)
		if err != nil {
			return
		}
		a.n.met.add("cluster_bytes_received", len(batch))
		for len(batch) > 7 {
			size := int(binary.BigEndian.Uint32(batch[3:7]))
			if len(batch) < 7+size {
				return
			}
			var m message
			if json.Unmarshal(batch[7:7+size], &m) == nil {
				a.routeLocal(m)
			}
			batch = batch[7+size:]
		}
	}
}

func readSized(r io.Reader, tag string, most uint32) ([]byte, error) {
	head := make([]byte, len(tag)+4)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[len(tag):])
	if string(head[:len(tag)]) != tag || size > most {
		return nil, errors.New("not the protocol of a cluster port")
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return body, err
}
