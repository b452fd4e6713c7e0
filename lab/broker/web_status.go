package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// webStatus is /status.json: one object keyed by node, in an array from 1.7
// on. The other nodes are asked first; one that is cut off and not known to be
// down holds the page up until it is, and is then missing.
func (n *Node) webStatus(w http.ResponseWriter, r *http.Request) {
	a := n.running()
	if a == nil {
		reply(w, http.StatusInternalServerError, "", "")
		return
	}
	others := a.askStatus(r.Context())
	parts := []string{asJSON(n.id.Node) + ":" + a.status()}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		parts = append(parts, asJSON(name)+":"+others[name])
	}
	body := "{" + strings.Join(parts, ",") + "}"
	if n.dialect.ListArrays {
		body = "[" + body + "]"
	}
	reply(w, http.StatusOK, "application/json", body)
}

// askStatus collects the objects of the other nodes.
func (a *app) askStatus(ctx context.Context) map[string]string {
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[string]string{}
	for _, p := range a.view.each() {
		wg.Go(func() {
			var s string
			err := a.view.call(ctx, p.name, "status", nil, &s)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				out[p.name] = s
			}
		})
	}
	wg.Wait()
	if len(out) < len(a.view.each()) {
		a.view.recheck() // what has been learned meanwhile shows in the own object
	}
	return out
}

// status is this node's object.
func (a *app) status() string {
	var parts []string
	for _, f := range a.n.statusFacts() {
		parts = append(parts, asJSON(f.name)+":"+asJSON(f.value))
	}
	status := a.view.statuses()
	var mine []string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(status))) {
		mine = append(mine, fmt.Sprintf("%s:%t", asJSON(name), status[name]))
	}
	me := "{" + strings.Join(mine, ",") + "}"
	if a.n.dialect.ListArrays {
		me = "[" + me + "]"
	}
	var ports []string
	for _, r := range a.listeners.rows() {
		ports = append(ports, fmt.Sprintf(`{"type":%s,"status":%s,"ip":%s,"port":%d,"mountpoint":[],"max_conns":%d}`,
			asJSON(r.Type), asJSON(r.Status), asJSON(r.IP), r.Port, r.Most))
	}
	return "{" + strings.Join(append(parts, `"mystatus":`+me, `"listeners":[`+strings.Join(ports, ",")+"]"), ",") + "}"
}

func asJSON(v any) string {
	b, _ := json.Marshal(v) // strings, numbers and booleans always encode
	return string(b)
}
