package broker

import (
	"log/slog"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// newMQTT makes the MQTT protocol engine. It speaks to clients; routing,
// queues and retained messages are this package's own, since they belong to
// the cluster.
func (a *app) newMQTT() *mqtt.Server {
	caps := mqtt.NewDefaultServerCapabilities()
	if most := a.n.opt.Config.Int("max_message_size", 0); most > 0 {
		caps.MaximumPacketSize = uint32(most)
	}
	caps.MaximumClientWritesPending = 1 // the library's own routing carries nothing here; its default costs 64 kB a client
	s := mqtt.New(&mqtt.Options{Capabilities: caps, Logger: slog.New(slog.DiscardHandler), SysTopicResendInterval: 1 << 30})
	_ = s.AddHook(&hook{a: a}, nil) // fails only when Init does
	_ = s.Serve()                   // fails only for listeners and stores, of which it has none
	for topic := range s.Topics.Retained.GetAll() {
		s.Topics.Retained.Delete(topic) // the library's own $SYS values
	}
	return s
}

// rememberSession tells the library of a persistent session that it has not
// seen itself, so that its CONNACK says "session present".
func (a *app) rememberSession(client string) {
	if _, ok := a.mqtt.Clients.Get(client); ok {
		return
	}
	cl := a.mqtt.NewClient(nil, "store", client, false)
	cl.Properties.Clean = false
	cl.Stop(packets.ErrServerShuttingDown)
	a.mqtt.Clients.Add(cl)
}

// forgetSession is the opposite.
func (a *app) forgetSession(client string) {
	if cl, ok := a.mqtt.Clients.Get(client); ok && cl.Closed() {
		a.mqtt.Clients.Delete(client)
	}
}

// started notes when the start has come to the listeners, whether or not one of
// them is MQTT: the access list is read a second later. A port that is opened
// later finds it there.
func (a *app) started() {
	a.aclMu.Lock()
	defer a.aclMu.Unlock()
	a.aclAt = time.Now().Add(a.n.timing().AccessList)
}

// listed is true once the access list has been read, or where there is none.
func (a *app) listed() bool {
	a.aclMu.Lock()
	defer a.aclMu.Unlock()
	return a.n.opt.Config.Get("plugins.vmq_acl") != "on" || !a.aclAt.IsZero() && time.Now().After(a.aclAt)
}

// allowed is false while the cluster is not whole and the setting does not
// allow the act nevertheless.
func (a *app) allowed(act string) bool {
	return a.view.isReady() || a.n.on("allow_"+act+"_during_netsplit")
}

// propsOf keeps the MQTT 5 properties that subscribers get.
func propsOf(p packets.Properties) *userProps {
	u := userProps{ContentType: p.ContentType, ResponseTopic: p.ResponseTopic, Correlation: p.CorrelationData}
	for _, kv := range p.User {
		u.User = append(u.User, [2]string{kv.Key, kv.Val})
	}
	if u.ContentType == "" && u.ResponseTopic == "" && u.Correlation == nil && u.User == nil {
		return nil
	}
	return &u
}
