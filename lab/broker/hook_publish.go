package broker

import (
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// OnPublish routes a message. While the cluster is not whole it is refused
// without a word: no PUBACK, no disconnect (unless
// allow_publish_during_netsplit is on).
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if !h.a.allowed("publish") {
		h.a.n.met.add("mqtt_publish_error", 1)
		return pk, packets.ErrRejectPacket
	}
	h.a.publish(message{Topic: pk.TopicName, Payload: pk.Payload, QoS: pk.FixedHeader.Qos,
		Retain: pk.FixedHeader.Retain, From: cl.ID, Props: propsOf(pk.Properties)})
	return pk, packets.CodeSuccessIgnore // acknowledged, and not routed again by the library
}

// OnWill routes a last will and leaves the library one that matches nothing.
func (h *hook) OnWill(cl *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if h.a.ctx.Err() == nil && h.a.allowed("publish") {
		h.a.publish(message{Topic: will.TopicName, Payload: will.Payload, QoS: will.Qos, Retain: will.Retain, From: cl.ID})
	}
	return mqtt.Will{TopicName: "$vernemq/none", Payload: nil, Flag: will.Flag}, nil
}

// OnPacketSent counts.
func (h *hook) OnPacketSent(cl *mqtt.Client, pk packets.Packet, b []byte) {
	h.a.n.met.add("bytes_sent", len(b))
	h.a.n.met.packet(sent, cl.Properties.ProtocolVersion, pk)
}
