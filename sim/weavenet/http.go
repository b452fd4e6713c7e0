package weavenet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"vmqbot/format"
)

const proxyAddress = "unix:///var/run/weave/weave.sock"

// handler is the router's HTTP API: all of it on the control port, what only
// reads on the status port.
func (r *router) handler(control bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /report", r.serveReport)
	for name, page := range pages {
		path := strings.TrimSuffix("/status/"+name, "/")
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { text(w, page(r.report())) })
	}
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { text(w, metrics(r.report())) })
	if control {
		r.handleMesh(mux)
		if r.alloc.on {
			r.handleIPAM(mux)
		}
		if !r.s.noDNS {
			r.handleDNS(mux)
		}
	}
	return mux
}

func text(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprint(w, s)
}

// serveReport is JSON for who accepts it by name, and else the format that the
// query must give.
func (r *router) serveReport(w http.ResponseWriter, req *http.Request) {
	rep := r.report()
	r.reportRoutes(rep.Router)
	if req.Header.Get("Accept") == "application/json" {
		b, err := rep.text()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(b)
		return
	}
	asked := req.URL.Query()["format"]
	if len(asked) != 1 {
		http.Error(w, "error: must supply one format parameter", http.StatusBadRequest)
		return
	}
	t, err := format.Parse("format", asked[0], map[string]format.Func{"json": format.Of(func(v any) any {
		b, _ := json.Marshal(v)
		return string(b)
	})})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if t.Execute(w, rep) != nil {
		http.Error(w, "error during template execution", http.StatusInternalServerError)
	}
}

func (r *router) handleMesh(mux *http.ServeMux) {
	mux.HandleFunc("POST /connect", func(w http.ResponseWriter, req *http.Request) {
		if err := req.ParseForm(); err != nil {
			http.Error(w, fmt.Sprint("unable to parse form: ", err), http.StatusBadRequest)
			return
		}
		if err := r.connect(req.Form["peer"], req.FormValue("replace") == "true"); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("POST /forget", func(_ http.ResponseWriter, req *http.Request) {
		if req.ParseForm() == nil {
			r.forget(req.Form["peer"])
		}
	})
	mux.HandleFunc("DELETE /peer", func(w http.ResponseWriter, _ *http.Request) {
		if r.alloc.on {
			r.alloc.shutdown()
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /peer/{who}", func(w http.ResponseWriter, req *http.Request) {
		if r.alloc.on {
			who := req.PathValue("who")
			text(w, fmt.Sprintf("%d IPs taken over from %s\n", r.alloc.takeover(who), who))
		}
	})
	mux.HandleFunc("POST /expose/{ip}/{len}", func(w http.ResponseWriter, req *http.Request) {
		p, err := prefix(req)
		if err != nil {
			http.Error(w, fmt.Sprint("unable to parse ip addr: ", err), http.StatusBadRequest)
			return
		}
		r.b.space.Plug(bridgeDev, r.n.segment, p)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /proxyaddrs", func(w http.ResponseWriter, _ *http.Request) {
		if r.s.proxy {
			text(w, proxyAddress+"\n")
		}
	})
}
