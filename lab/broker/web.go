package broker

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// web is what listens on port 8888: health, status, metrics and the REST form
// of vmq-admin.
func (n *Node) web() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", n.webMetrics)
	mux.HandleFunc("GET /status.json", n.webStatus)
	mux.HandleFunc("/api/v1/", n.webAPI)
	if n.dialect.Health {
		mux.HandleFunc("GET /health", n.webHealth(true, false))
		mux.HandleFunc("GET /health/ping", n.webHealth(false, false))
		mux.HandleFunc("GET /health/listeners", n.webHealth(true, false))
		mux.HandleFunc("GET /health/listeners_full_cluster", n.webHealth(true, true))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusNotFound, "", "") })
	return mux
}

// reply writes an answer with the headers of Cowboy.
func reply(w http.ResponseWriter, code int, kind, body string) {
	h := w.Header()
	h["server"] = []string{"Cowboy"}
	h["Date"] = nil
	h["date"] = []string{time.Now().UTC().Format(http.TimeFormat)}
	h["Content-Type"] = nil
	if kind != "" {
		h["content-type"] = []string{kind}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	_, _ = w.Write([]byte(body)) // the client has gone otherwise
}

// webHealth looks at the listeners that exist, and for full_cluster at the
// view. A listener that could not be opened does not exist, and a node that
// refuses every client is healthy: so it is in VerneMQ.
func (n *Node) webHealth(listeners, cluster bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		a := n.running()
		var why []string
		if a != nil && listeners {
			var bad []string
			for _, r := range a.listeners.rows() {
				if r.Status != "running" {
					bad = append(bad, r.Type)
				}
			}
			if len(bad) > 0 {
				why = append(why, "Listeners are not ready: ["+strings.Join(bad, ",")+"]")
			}
		}
		if a != nil && cluster && !a.view.isReady() {
			why = append(why, "At least one node is offline")
		}
		if len(why) == 0 {
			reply(w, http.StatusOK, "application/json", `{"status":"OK"}`)
			return
		}
		reply(w, http.StatusServiceUnavailable, "application/json", `{"status":"DOWN","reasons":["`+strings.Join(why, `","`)+`"]}`)
	}
}

// webMetrics is the Prometheus form.
func (n *Node) webMetrics(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	for _, s := range n.samples() {
		name := n.dialect.Prefix + s.name
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, s.help, name, s.kind)
		label := fmt.Sprintf("node=%q", n.id.Node)
		switch {
		case s.hist != nil:
			fmt.Fprintf(&b, "%s_bucket{%s,le=\"+Inf\"} %d\n", name, label, s.hist.Buckets[6])
			for i := len(bucketBounds) - 1; i >= 0; i-- {
				fmt.Fprintf(&b, "%s_bucket{%s,le=\"%d\"} %d\n", name, label, bucketBounds[i], s.hist.Buckets[i])
			}
			fmt.Fprintf(&b, "%s_count{%s} %d\n%s_sum{%s} %d\n", name, label, s.hist.Count, name, label, s.hist.Sum)
		case s.name == "mqtt_connack_sent":
			for _, l := range connackLabels() {
				fmt.Fprintf(&b, "%s{%s,%s} %d\n", name, label, l, n.met.get(s.name+"/"+l))
			}
		case s.mqtt:
			five := n.met.get(s.name + v5)
			fmt.Fprintf(&b, "%s{%s,mqtt_version=\"4\"} %d\n%s{%s,mqtt_version=\"5\"} %d\n", name, label, s.n-five, name, label, five)
		default:
			fmt.Fprintf(&b, "%s{%s} %d\n", name, label, s.n)
		}
	}
	reply(w, http.StatusOK, "text/plain", b.String())
}
