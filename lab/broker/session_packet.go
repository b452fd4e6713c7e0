package broker

import (
	"net"
	"strconv"

	"github.com/mochi-mqtt/server/v2/packets"
)

// sent is an unacknowledged message by its packet id, as it went out.
func (s *session) sent(id uint16) (packets.Packet, bool) {
	s.qs.mu.Lock()
	defer s.qs.mu.Unlock()
	for _, it := range s.unacked {
		if it.Packet == id {
			return s.packet(it), true
		}
	}
	return packets.Packet{}, false
}

func (s *session) packet(it *item) packets.Packet {
	pk := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: it.QoS, Retain: it.Retain, Dup: it.Dup && it.QoS > 0},
		TopicName:   it.Msg.Topic, Payload: it.Msg.Payload, PacketID: it.Packet, Created: s.began.Unix(),
	}
	if u := it.Msg.Props; u != nil {
		pk.Properties.ContentType, pk.Properties.ResponseTopic = u.ContentType, u.ResponseTopic
		pk.Properties.CorrelationData = u.Correlation
		for _, kv := range u.User {
			pk.Properties.User = append(pk.Properties.User, packets.UserProperty{Key: kv[0], Val: kv[1]})
		}
	}
	pk.Properties.SubscriptionIdentifier = it.IDs
	return pk
}

func (s *session) describe(r *sessionRow) {
	host, port, _ := net.SplitHostPort(s.cl.Net.Remote)
	r.PeerHost, r.User, r.Protocol, r.SessionBegan = host, string(s.cl.Properties.Username), int(s.cl.Properties.ProtocolVersion), s.began
	r.PeerPort, _ = strconv.Atoi(port) // written by net, always a number
}
