package broker

import (
	"slices"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// OnSubscribe refuses subscriptions until the access list has been read: the
// filters become invalid ones, which the library answers with 0x80.
func (h *hook) OnSubscribe(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	if h.a.listed() {
		return pk
	}
	h.a.n.met.add("mqtt_subscribe_auth_error", 1)
	h.mu.Lock()
	if h.denied == nil {
		h.denied = map[*mqtt.Client]map[uint16]bool{}
	}
	if h.denied[cl] == nil {
		h.denied[cl] = map[uint16]bool{}
	}
	h.denied[cl][pk.PacketID] = true
	h.mu.Unlock()
	pk.Filters = slices.Clone(pk.Filters)
	for i := range pk.Filters {
		pk.Filters[i].Filter = ""
	}
	return pk
}

// OnPacketEncode gives MQTT 5 clients the reason that VerneMQ gives them.
func (h *hook) OnPacketEncode(cl *mqtt.Client, pk packets.Packet) packets.Packet {
	if pk.FixedHeader.Type != packets.Suback {
		return pk
	}
	h.mu.Lock()
	refused := h.denied[cl][pk.PacketID]
	delete(h.denied[cl], pk.PacketID)
	h.mu.Unlock()
	if refused && cl.Properties.ProtocolVersion == 5 {
		for i := range pk.ReasonCodes {
			pk.ReasonCodes[i] = packets.ErrNotAuthorized.Code
		}
	}
	return pk
}

// OnSubscribed stores the accepted subscriptions for the whole cluster.
func (h *hook) OnSubscribed(cl *mqtt.Client, pk packets.Packet, codes []byte) {
	rec, ok := h.a.routes.get(cl.ID)
	if !ok || rec.Node != h.a.n.id.Node {
		return
	}
	rec.Subs = slices.Clone(rec.Subs)
	var fresh []sub
	for i, f := range pk.Filters {
		if i >= len(codes) || codes[i] > packets.CodeGrantedQos2.Code {
			continue
		}
		s := sub{Filter: f.Filter, QoS: f.Qos, NoLocal: f.NoLocal, AsIs: f.RetainAsPublished, ID: f.Identifier}
		at := slices.IndexFunc(rec.Subs, func(o sub) bool { return o.Filter == s.Filter })
		if at < 0 {
			rec.Subs = append(rec.Subs, s)
		} else {
			rec.Subs[at] = s
		}
		if f.RetainHandling == 0 || f.RetainHandling == 1 && at < 0 {
			fresh = append(fresh, s)
		}
	}
	h.a.set(subPrefix+cl.ID, rec)
	h.mu.Lock()
	if h.fresh == nil {
		h.fresh = map[*mqtt.Client][]sub{}
	}
	h.fresh[cl] = fresh
	h.mu.Unlock()
}

// OnUnsubscribed removes subscriptions. The library also calls it when it
// cleans up after a client, without a packet id; the record is gone then.
func (h *hook) OnUnsubscribed(cl *mqtt.Client, pk packets.Packet) {
	rec, ok := h.a.routes.get(cl.ID)
	if !ok || pk.PacketID == 0 || rec.Node != h.a.n.id.Node {
		return
	}
	rec.Subs = slices.DeleteFunc(slices.Clone(rec.Subs), func(s sub) bool {
		return slices.ContainsFunc(pk.Filters, func(f packets.Subscription) bool { return f.Filter == s.Filter })
	})
	h.a.set(subPrefix+cl.ID, rec)
}
