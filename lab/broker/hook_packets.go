package broker

import (
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// OnPacketRead hides a SUBSCRIBE or UNSUBSCRIBE that is not allowed now: the
// client gets no answer at all, and no disconnect.
func (h *hook) OnPacketRead(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	h.a.n.met.packet(received, cl.Properties.ProtocolVersion, pk)
	act := ""
	switch pk.FixedHeader.Type {
	case packets.Subscribe:
		act = "subscribe"
	case packets.Unsubscribe:
		act = "unsubscribe"
	case packets.Pubrec:
		if s := h.a.queues.session(cl); s != nil {
			if out, ok := s.sent(pk.PacketID); ok {
				cl.State.Inflight.Set(out) // the library then goes on with PUBREL
			}
		}
	}
	if act != "" && !h.a.allowed(act) {
		h.a.n.met.add("mqtt_"+act+"_error", 1)
		return packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}}, nil
	}
	return pk, nil
}

// OnPacketProcessed takes acknowledgements, and sends what is retained after
// the SUBACK.
func (h *hook) OnPacketProcessed(cl *mqtt.Client, pk packets.Packet, err error) {
	if err != nil {
		return
	}
	switch pk.FixedHeader.Type {
	case packets.Puback, packets.Pubcomp:
		if s := h.a.queues.session(cl); s != nil {
			s.ack(pk.PacketID)
		}
	case packets.Subscribe:
		h.mu.Lock()
		subs := h.fresh[cl]
		delete(h.fresh, cl)
		h.mu.Unlock()
		for _, s := range subs {
			h.a.sendRetained(cl.ID, s)
		}
	}
}
