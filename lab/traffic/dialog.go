package traffic

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// warm is the number of the messages that do not count.
const warm = -1

// end is how one connection with its message ended.
type end struct {
	answered  bool   // there was a CONNACK
	code      byte   // of the CONNACK
	published bool   // the PUBLISH was sent
	acked     bool   // the PUBACK came
	cut       bool   // the broker ended the connection early
	silent    bool   // nothing came in time
	trouble   string // in words; empty when all is well
}

// dialog is what one client does: connect, publish message n, await the
// acknowledgement, leave. It opens a connection of its own and speaks MQTT
// 3.1.1 on it packet by packet, so that what was answered, and what not, is
// exact and nobody tries again behind its back.
func (r *Run) dialog(p *pair, client string, n int) (e end) {
	deadline := time.Now().Add(r.options.Patience)
	conn, err := (&net.Dialer{Deadline: deadline}).Dial("tcp", p.from.Address)
	if err != nil {
		e.trouble = unreachable(err)
		return e
	}
	defer conn.Close() //nolint:errcheck // nothing is lost
	if err := conn.SetDeadline(deadline); err != nil {
		e.trouble = err.Error()
		return e
	}
	id := fmt.Sprintf("traffic-%s-%s-%s-%s", r.nonce, p.from.Name, p.to.Name, client)
	answer, err := ask(conn, login(id, true))
	if err != nil {
		return e.failed(err, "CONNACK")
	}
	e.answered, e.code = true, answer.(*packets.ConnackPacket).ReturnCode //nolint:errcheck // ask looked
	if e.code != 0 {
		e.trouble = fmt.Sprintf("CONNACK %d", e.code)
		return e
	}
	e.published = true
	if _, err := ask(conn, message(p.topic, n, r.options.Size)); err != nil {
		return e.failed(err, "PUBACK")
	}
	e.acked = true
	_ = packets.NewControlPacket(packets.Disconnect).Write(conn) // the message is acknowledged already
	return e
}

// failed tells a connection that was cut from one on which nothing came.
func (e end) failed(err error, awaited string) end {
	e.silent = errors.Is(err, os.ErrDeadlineExceeded)
	e.cut = !e.silent
	e.trouble = "cut before the " + awaited
	if e.silent {
		e.trouble = "no " + awaited
	}
	return e
}

// ask writes a packet and reads the one that answers it.
func ask(conn io.ReadWriter, p packets.ControlPacket) (packets.ControlPacket, error) {
	if err := p.Write(conn); err != nil {
		return nil, err
	}
	answer, err := packets.ReadPacket(conn)
	if err != nil {
		return nil, err
	}
	switch answer.(type) {
	case *packets.ConnackPacket:
		if _, ok := p.(*packets.ConnectPacket); ok {
			return answer, nil
		}
	case *packets.PubackPacket:
		if _, ok := p.(*packets.PublishPacket); ok {
			return answer, nil
		}
	}
	return nil, fmt.Errorf("the answer to %s is %s", p, answer)
}

func login(id string, clean bool) packets.ControlPacket {
	c := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket) //nolint:errcheck // documented type
	c.ProtocolName, c.ProtocolVersion = "MQTT", 4
	c.ClientIdentifier, c.CleanSession, c.Keepalive = id, clean, 30
	return c
}

// message is number n of its pair: the number, and as many dots as it takes.
func message(topic string, n, size int) packets.ControlPacket {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket) //nolint:errcheck // documented type
	p.TopicName, p.Qos, p.MessageID = topic, 1, 1
	text := strconv.Itoa(n) + " "
	p.Payload = []byte(text + strings.Repeat(".", max(0, size-len(text))))
	return p
}

// number is the message's number, and false when it is no message of ours.
func number(payload []byte) (int, bool) {
	text, _, _ := strings.Cut(string(payload), " ")
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// unreachable says in few words, which many failures share, why no connection
// came about.
func unreachable(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no way there"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer to a connection"
	}
	return "no connection"
}
