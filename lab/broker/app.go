package broker

import (
	"context"
	"errors"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
)

// app is the vmq_server application: all that `vmq-admin node stop` ends.
type app struct {
	n      *Node
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	members   *members
	meta      *metadata
	view      *view
	routes    *routes
	queues    *queues
	listeners *listeners
	mqtt      *mqtt.Server
	strangers *strangers
	webhooks  *webhooks

	aclMu sync.Mutex
	aclAt time.Time // zero until the first MQTT port opens
}

// startApp loads the data, opens every listener once and lets the cluster
// find the node. It is also `vmq-admin node start`.
func (n *Node) startApp(ctx context.Context) error {
	if n.running() != nil {
		return nil
	}
	a := &app{n: n, strangers: &strangers{}, webhooks: newWebhooks(n.opt.Config)}
	a.ctx, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	if a.members, err = loadMembers(n.disk(), n.metaDir(), n.id.Node); err != nil {
		return err
	}
	if a.meta, err = loadMetadata(n.disk(), n.metaDir(), n.id.Node, n.met); err != nil {
		return err
	}
	a.view = newView(a)
	a.routes = newRoutes()
	a.listeners = newListeners(a)
	a.mqtt = a.newMQTT()
	if a.queues, err = loadQueues(a); err != nil {
		return err
	}
	for _, e := range a.meta.living("") {
		a.routes.apply(e)
	}
	a.meta.onSet = a.metadataChanged
	a.queues.adopt()
	n.mu.Lock()
	n.app = a
	n.mu.Unlock()
	a.started()
	// The peers first, as in VerneMQ, whose supervisor has started vmq_cluster_mon
	// when the listeners are configured: a node that is not known yet is turned
	// away at the cluster port, and what it had written by then is lost.
	a.view.recheck()
	a.listeners.openAll(n.opt.Config.Listeners())
	a.wg.Go(a.view.run)
	a.wg.Go(a.exchangeLoop)
	return nil
}

// stopApp closes listeners, clients and channels. It is also
// `vmq-admin node stop`.
func (n *Node) stopApp() {
	n.mu.Lock()
	a := n.app
	n.app = nil
	n.mu.Unlock()
	if a == nil {
		return
	}
	a.view.announce("app_down")
	a.cancel()
	a.listeners.closeAll()
	a.queues.detachAll()
	if err := a.mqtt.Close(); err != nil && !errors.Is(err, context.Canceled) {
		n.log.warn("vmq_server_app:stop", "%v", err)
	}
	a.wg.Wait()
}

// metadataChanged keeps the routing table, and gives a queue away when its
// client has come back on another node.
func (a *app) metadataChanged(e entry) {
	a.routes.apply(e)
	if a.ctx.Err() == nil {
		a.queues.moved(e)
	}
}

// publishEntry tells every reachable node of a change. Those that miss it get
// it with the next exchange.
func (a *app) set(key string, v any) {
	e, err := a.meta.put(key, v)
	if err != nil {
		a.n.log.error("vmq_metadata:put", "can't store %s: %v", key, err)
	}
	a.view.cast("meta", []entry{e})
}
