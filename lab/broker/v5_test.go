package broker_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// raw is an MQTT client packet by packet, for what the client library hides.
type raw struct {
	t       *testing.T
	c       net.Conn
	r       *bufio.Reader
	version byte
}

func (r *runner) raw(version byte) *raw {
	r.w.t.Helper()
	c, err := net.DialTimeout("tcp4", r.w.ip(r.i)+":1883", patience)
	if err != nil {
		r.w.t.Fatal(err)
	}
	r.w.t.Cleanup(func() { c.Close() })
	return &raw{t: r.w.t, c: c, r: bufio.NewReader(c), version: version}
}

func (r *raw) send(pk packets.Packet) {
	r.t.Helper()
	pk.ProtocolVersion = r.version
	var b bytes.Buffer
	encode := map[byte]func(*bytes.Buffer) error{packets.Connect: pk.ConnectEncode, packets.Publish: pk.PublishEncode,
		packets.Puback: pk.PubackEncode, packets.Pubrec: pk.PubrecEncode, packets.Pubrel: pk.PubrelEncode, packets.Pubcomp: pk.PubcompEncode,
		packets.Subscribe: pk.SubscribeEncode, packets.Unsubscribe: pk.UnsubscribeEncode, packets.Disconnect: pk.DisconnectEncode}
	if err := encode[pk.FixedHeader.Type](&b); err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.c.Write(b.Bytes()); err != nil {
		r.t.Fatal(err)
	}
}

// want reads the next packet, which has to be of a type.
func (r *raw) want(kind byte) packets.Packet {
	r.t.Helper()
	_ = r.c.SetReadDeadline(time.Now().Add(patience))
	first, err := r.r.ReadByte()
	if err != nil {
		r.t.Fatalf("waiting for a packet of type %d: %v", kind, err)
	}
	pk := packets.Packet{ProtocolVersion: r.version}
	if err := pk.FixedHeader.Decode(first); err != nil {
		r.t.Fatal(err)
	}
	n, _, err := packets.DecodeLength(r.r)
	if err != nil {
		r.t.Fatal(err)
	}
	pk.FixedHeader.Remaining = n
	body := make([]byte, n)
	if _, err := io.ReadFull(r.r, body); err != nil {
		r.t.Fatal(err)
	}
	if pk.FixedHeader.Type != kind {
		r.t.Fatalf("got a packet of type %d, want %d", pk.FixedHeader.Type, kind)
	}
	decode := map[byte]func([]byte) error{packets.Connack: pk.ConnackDecode, packets.Publish: pk.PublishDecode, packets.Puback: pk.PubackDecode,
		packets.Pubrec: pk.PubrecDecode, packets.Pubrel: pk.PubrelDecode, packets.Pubcomp: pk.PubcompDecode,
		packets.Suback: pk.SubackDecode, packets.Unsuback: pk.UnsubackDecode}
	if err := decode[kind](body); err != nil {
		r.t.Fatal(err)
	}
	return pk
}

// login connects; for MQTT 5 expiry is how long the session is kept.
func (r *raw) login(id string, clean bool, expiry uint32, will string) packets.Packet {
	r.t.Helper()
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect},
		Connect: packets.ConnectParams{ProtocolName: []byte("MQTT"), ClientIdentifier: id, Clean: clean, Keepalive: 60}}
	if expiry > 0 {
		pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = expiry, true
	}
	if will != "" {
		pk.Connect.WillFlag, pk.Connect.WillTopic, pk.Connect.WillPayload = true, will, []byte("gone")
	}
	r.send(pk)
	return r.want(packets.Connack)
}

func (r *raw) subscribe(filter string, qos byte) byte {
	r.t.Helper()
	r.send(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 9,
		Filters: packets.Subscriptions{{Filter: filter, Qos: qos}}})
	return r.want(packets.Suback).ReasonCodes[0]
}

func (r *raw) publish(topic, payload string, qos byte, id uint16) {
	r.t.Helper()
	r.send(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: qos}, PacketID: id, TopicName: topic,
		Payload: []byte(payload), Properties: packets.Properties{ContentType: "text/x", User: []packets.UserProperty{{Key: "k", Val: "v"}}}})
}

func ack(kind byte, id uint16) packets.Packet {
	h := packets.FixedHeader{Type: kind}
	if kind == packets.Pubrel {
		h.Qos = 1
	}
	return packets.Packet{FixedHeader: h, PacketID: id}
}

func TestMQTT5(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	sub, pub := w.nodes[2].raw(5), w.nodes[1].raw(5)
	if a := sub.login("sub", true, 300, ""); a.ReasonCode != 0 || a.SessionPresent {
		t.Fatalf("CONNACK %d %t", a.ReasonCode, a.SessionPresent)
	}
	pub.login("pub", true, 0, "")
	if code := sub.subscribe("p", 2); code != 2 {
		t.Fatalf("SUBACK %d", code)
	}
	w.counts(1, "router_subscriptions", 1)
	t.Run("properties travel between nodes", func(t *testing.T) {
		pub.publish("p", "one", 1, 1)
		pub.want(packets.Puback)
		got := sub.want(packets.Publish)
		if got.Properties.ContentType != "text/x" || len(got.Properties.User) != 1 || got.Properties.User[0].Val != "v" {
			t.Errorf("properties %+v", got.Properties)
		}
		sub.send(ack(packets.Puback, got.PacketID))
	})
	t.Run("QoS 2 both ways", func(t *testing.T) {
		pub.publish("p", "two", 2, 2)
		pub.want(packets.Pubrec)
		pub.send(ack(packets.Pubrel, 2))
		pub.want(packets.Pubcomp)
		got := sub.want(packets.Publish)
		if got.FixedHeader.Qos != 2 || string(got.Payload) != "two" {
			t.Errorf("got %+v", got)
		}
		sub.send(ack(packets.Pubrec, got.PacketID))
		if rel := sub.want(packets.Pubrel); rel.PacketID != got.PacketID || rel.ReasonCode != 0 {
			t.Errorf("PUBREL %d %d", rel.PacketID, rel.ReasonCode)
		}
		sub.send(ack(packets.Pubcomp, got.PacketID))
	})
	t.Run("what was not acknowledged comes again, with the dup flag", func(t *testing.T) {
		pub.publish("p", "three", 1, 3)
		pub.want(packets.Puback)
		first := sub.want(packets.Publish)
		sub.c.Close()
		again := w.nodes[2].raw(5)
		if a := again.login("sub", false, 300, ""); !a.SessionPresent {
			t.Error("the session is gone")
		}
		got := again.want(packets.Publish)
		if !got.FixedHeader.Dup || got.PacketID != first.PacketID || string(got.Payload) != "three" {
			t.Errorf("got %+v", got)
		}
		sub = again
	})
	t.Run("a session without expiry ends with its connection", func(t *testing.T) {
		short := w.nodes[1].raw(5)
		short.login("short", false, 0, "")
		short.subscribe("p", 1)
		w.counts(2, "router_subscriptions", 2)
		short.c.Close()
		w.counts(2, "router_subscriptions", 1)
	})
	if n := w.nodes[1].metric("mqtt_publish_received"); n != 3 {
		t.Errorf("mqtt_publish_received is %d", n)
	}
}

func TestMQTT5Refusals(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	w.nodes[1].timing.AccessList = time.Hour
	w.nodes[1].stop()
	w.nodes[1].start()
	w.whole()
	c := w.nodes[1].raw(5)
	c.login("c", true, 0, "")
	if code := c.subscribe("a", 1); code != packets.ErrNotAuthorized.Code {
		t.Errorf("SUBACK 0x%x before the access list, want not authorized", code)
	}
	w.nodes[2].stop()
	w.sees(1, "1=T 2=F")
	if a := w.nodes[1].raw(5).login("d", true, 0, ""); a.ReasonCode != packets.ErrServerUnavailable.Code {
		t.Errorf("CONNACK 0x%x, want server unavailable", a.ReasonCode)
	}
}

// A client that ends without a word leaves its will, one that says goodbye not.
func TestWills(t *testing.T) {
	w := newWorld(t)
	w.cluster(2)
	watch := w.nodes[2].connect("watch", true)
	watch.subscribe("will/+")
	w.counts(1, "router_subscriptions", 1)
	polite, abrupt := w.nodes[1].raw(4), w.nodes[1].raw(4)
	polite.login("polite", true, 0, "will/polite")
	abrupt.login("abrupt", true, 0, "will/abrupt")
	polite.send(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}})
	w.counts(1, "total_active_connections", 1)
	abrupt.c.Close()
	watch.expectOne("will/abrupt gone")
}

// The window: not more than max_inflight_messages without acknowledgement.
func TestInflightWindow(t *testing.T) {
	w := newWorld(t)
	w.start(1, "max_inflight_messages = 3", "max_online_messages = 5")
	sub := w.nodes[1].raw(4)
	sub.login("slow", true, 0, "")
	sub.subscribe("x", 1)
	pub := w.nodes[1].connect("pub", true)
	pub.publishAll("x", 3)
	var ids []uint16
	for range 3 {
		ids = append(ids, sub.want(packets.Publish).PacketID)
	}
	pub.publishAll("x", 9) // five wait, the other four have no place
	w.counts(1, "queue_message_out", 3)
	w.counts(1, "queue_message_drop", 4)
	for i := range 5 {
		sub.send(ack(packets.Puback, ids[i]))
		ids = append(ids, sub.want(packets.Publish).PacketID)
	}
	w.counts(1, "queue_message_out", 8)
}
