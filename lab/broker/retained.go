package broker

import (
	"encoding/json"
)

// retained is the stored form of a retained message.
type retained struct {
	Payload []byte     `json:"p"`
	QoS     byte       `json:"q,omitempty"`
	Props   *userProps `json:"u,omitempty"`
}

// retain stores a retained message, or deletes it when the payload is empty.
func (a *app) retain(m message) {
	if len(m.Payload) == 0 {
		a.set(retPrefix+m.Topic, nil)
		return
	}
	a.set(retPrefix+m.Topic, retained{Payload: m.Payload, QoS: m.QoS, Props: m.Props})
}

// sendRetained gives a new subscription what is retained under it.
func (a *app) sendRetained(client string, s sub) {
	if _, _, shared := splitShared(s.Filter); shared {
		return
	}
	for _, e := range a.meta.living(retPrefix) {
		topic := e.Key[len(retPrefix):]
		var r retained
		if !topicMatches(s.Filter, topic) || json.Unmarshal(e.Val, &r) != nil {
			continue
		}
		s.AsIs = true // a retained message says so
		m := message{Topic: topic, Payload: r.Payload, QoS: r.QoS, Retain: true, Props: r.Props}
		a.queues.deliver(match{Client: client, Node: a.n.id.Node, Sub: s, IDs: idsOf(s)}, m)
	}
}

func idsOf(s sub) []int {
	if s.ID == 0 {
		return nil
	}
	return []int{s.ID}
}
