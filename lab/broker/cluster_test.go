package broker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/erldist"
)

// cluster starts nodes 1 to n and joins them.
func (w *world) cluster(n int, lines ...string) {
	w.t.Helper()
	for i := 1; i <= n; i++ {
		w.start(i, lines...)
	}
	for i := 2; i <= n; i++ {
		w.nodes[i].do("Done", "cluster", "join", "discovery-node="+w.name(1))
	}
	w.whole()
}

// whole waits until every planned node shows every planned node as running,
// over established data channels.
func (w *world) whole() {
	w.t.Helper()
	var all []string
	for i := range 10 {
		if w.nodes[i] != nil {
			all = append(all, fmt.Sprintf("%d=T", i))
		}
	}
	for i := range w.nodes {
		w.sees(i, strings.Join(all, " "))
	}
}

// channels waits until a node's cluster port has a connection from each peer.
func (w *world) channels(i, peers int) {
	w.t.Helper()
	row := fmt.Sprintf("vmq,running,%s,44053,,10000,%d,%d", w.ip(i), peers, peers)
	until(w.t, "the row "+row, func() bool {
		return strings.Contains(w.nodes[i].admin("listener", "show", "--format=csv").Stdout, row)
	})
}

// view is the node's cluster show as "1=T 2=T 3=F".
func (r *runner) view() string {
	var out []string
	for line := range strings.Lines(r.admin("cluster", "show", "--format=csv").Stdout) {
		name, up, ok := strings.Cut(strings.TrimSpace(line), ",")
		if host, found := strings.CutPrefix(name, "VerneMQ@"+r.w.base); ok && found {
			out = append(out, host+"="+strings.ToUpper(up[:1]))
		}
	}
	return strings.Join(out, " ")
}

// sees waits until a node's view is as given.
func (w *world) sees(i int, want string) {
	w.t.Helper()
	last := ""
	defer func() {
		if w.t.Failed() {
			w.t.Logf("node %d saw %q last", i, last)
		}
	}()
	until(w.t, fmt.Sprintf("node %d to see %q", i, want), func() bool {
		last = w.nodes[i].view()
		return last == want
	})
}

// metric reads one number of `metrics show`.
func (r *runner) metric(name string) int {
	r.w.t.Helper()
	for line := range strings.Lines(r.admin("metrics", "show").Stdout) {
		if _, v, ok := strings.Cut(strings.TrimSpace(line), "."+name+" = "); ok {
			n, err := strconv.Atoi(v)
			if err != nil {
				r.w.t.Fatal(err)
			}
			return n
		}
	}
	r.w.t.Fatalf("no metric %s", name)
	return 0
}

// counts waits until a metric of a node has a value.
func (w *world) counts(i int, metric string, want int) {
	w.t.Helper()
	until(w.t, fmt.Sprintf("%s of node %d to be %d", metric, i, want), func() bool { return w.nodes[i].metric(metric) == want })
}

// get asks a node over HTTP and returns "CODE BODY".
func (w *world) get(i int, path string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.ip(i)+":8888"+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	tr := &http.Transport{DisableKeepAlives: true}
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, b)
}

// terms is `nodetool rpcterms`, asked of the node itself.
func (r *runner) terms(module, function, terms string) string {
	r.w.t.Helper()
	body, err := json.Marshal(broker.TermsCall{Module: module, Function: function, Terms: terms})
	if err != nil {
		r.w.t.Fatal(err)
	}
	said, err := r.node.Handle(context.Background(), erldist.Peer{Node: "test", Admin: true}, "rpcterms", body)
	if err != nil {
		return err.Error()
	}
	return said.(string)
}

// tuple is an address in Erlang: {10,0,0,2}.
func tuple(ip string) string { return "{" + strings.ReplaceAll(ip, ".", ",") + "}" }
