package broker

import (
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// hook is where the protocol engine asks this package.
type hook struct {
	mqtt.HookBase
	a *app

	mu     sync.Mutex
	denied map[*mqtt.Client]map[uint16]bool // SUBSCRIBEs answered before the access list was read
	fresh  map[*mqtt.Client][]sub           // subscriptions that wait for their retained messages
}

// ID names the hook in the library's log.
func (h *hook) ID() string { return "vernemq" }

// Provides lists the events that the hook takes.
func (h *hook) Provides(b byte) bool {
	switch b {
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSessionEstablish, mqtt.OnSessionEstablished, mqtt.OnDisconnect,
		mqtt.OnPacketRead, mqtt.OnPacketEncode, mqtt.OnPacketSent, mqtt.OnPacketProcessed, mqtt.OnSubscribe, mqtt.OnSubscribed,
		mqtt.OnUnsubscribed, mqtt.OnPublish, mqtt.OnWill:
		return true
	}
	return false
}

// OnConnectAuthenticate lets a client in. A node whose cluster is not whole
// answers CONNACK 3, "broker unavailable", whatever the credentials' owner
// wants; its port stays open and /health stays OK.
func (h *hook) OnConnectAuthenticate(cl *mqtt.Client, pk packets.Packet) bool {
	code, ok := h.a.n.admit(cl, pk)
	if ok && !h.a.registrable(cl.ID) {
		code, ok = packets.ErrServerUnavailable, false
	}
	if ok {
		return true
	}
	_ = h.a.mqtt.SendConnack(cl, code, false, nil) // the client is gone already otherwise
	cl.Stop(code)
	return false
}

// OnACLCheck allows everything: what is refused is refused elsewhere.
func (h *hook) OnACLCheck(*mqtt.Client, string, bool) bool { return true }

// OnSessionEstablish moves the client's session to this node and connection.
func (h *hook) OnSessionEstablish(cl *mqtt.Client, pk packets.Packet) {
	ends := pk.Connect.Clean
	if cl.Properties.ProtocolVersion == 5 {
		ends = cl.Properties.Props.SessionExpiryInterval == 0
	}
	h.a.register(cl, pk.Connect.Clean, ends)
}

// OnSessionEstablished starts the flow: the CONNACK is out.
func (h *hook) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	h.a.queues.open(cl)
}

// OnDisconnect keeps a persistent session and ends a clean one.
func (h *hook) OnDisconnect(cl *mqtt.Client, _ error, expire bool) {
	h.mu.Lock()
	delete(h.denied, cl)
	delete(h.fresh, cl)
	h.mu.Unlock()
	if !h.a.queues.detach(cl.ID, cl) || !expire || h.a.ctx.Err() != nil {
		return
	}
	h.a.queues.drop(cl.ID)
	h.a.set(subPrefix+cl.ID, nil)
}
