package weavenet

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// prefix reads {ip}/{len} of a path.
func prefix(req *http.Request) (netip.Prefix, error) {
	word := req.PathValue("ip") + "/" + req.PathValue("len")
	p, err := netip.ParsePrefix(word)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, badCIDR(word)
	}
	return p, nil
}

// refuse answers with an error; a claim that was cancelled is none.
func refuse(w http.ResponseWriter, err error) {
	if errors.Is(err, errCancelled) {
		text(w, "cancelled")
		return
	}
	http.Error(w, err.Error(), http.StatusBadRequest)
}

func (r *router) handleIPAM(mux *http.ServeMux) {
	a := &r.alloc
	alive := func(req *http.Request) bool { return req.FormValue("check-alive") == "true" }
	mux.HandleFunc("GET /ipinfo/defaultsubnet", func(w http.ResponseWriter, _ *http.Request) { text(w, r.s.defaultSubnet.String()) })
	mux.HandleFunc("GET /ipinfo/tracker", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /ring", func(http.ResponseWriter, *http.Request) { a.establish() })
	mux.HandleFunc("GET /ip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"owned": a.holdings()})
	})
	for _, path := range []string{"/ip/{id}", "/ip/{id}/{ip}/{len}"} {
		subnet := func(w http.ResponseWriter, req *http.Request) (netip.Prefix, bool) {
			if req.PathValue("ip") == "" {
				return r.s.defaultSubnet, true
			}
			p, err := network(req.PathValue("ip") + "/" + req.PathValue("len"))
			if err != nil {
				refuse(w, err)
			}
			return p, err == nil
		}
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, req *http.Request) {
			if p, ok := subnet(w, req); ok {
				text(w, join(a.lookup(req.PathValue("id"), p)))
			}
		})
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, req *http.Request) {
			if p, ok := subnet(w, req); ok {
				got, err := a.allocate(req.PathValue("id"), p, alive(req))
				if err != nil {
					refuse(w, err)
					return
				}
				text(w, got.String())
			}
		})
	}
	mux.HandleFunc("PUT /ip/{id}/{ip}/{len}", func(w http.ResponseWriter, req *http.Request) {
		p, err := prefix(req)
		if err == nil {
			if err = a.claim(req.PathValue("id"), p, alive(req)); err != nil && !errors.Is(err, errCancelled) {
				err = fmt.Errorf("Unable to claim: %w", err) //nolint:staticcheck // weave's words
			}
		}
		answer(w, err)
	})
	mux.HandleFunc("DELETE /ip/{id}/{ip}", func(w http.ResponseWriter, req *http.Request) {
		addr, err := netip.ParseAddr(req.PathValue("ip"))
		if err == nil {
			err = a.free(req.PathValue("id"), addr)
		}
		answer(w, err)
	})
	mux.HandleFunc("DELETE /ip/{id}", func(w http.ResponseWriter, req *http.Request) {
		answer(w, a.free(req.PathValue("id"), netip.Addr{}))
	})
}

// answer is 204, or the refusal.
func answer(w http.ResponseWriter, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// join writes addresses as the real one does.
func join(list []netip.Prefix) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = p.String()
	}
	return strings.Join(words, " ")
}

func (r *router) handleDNS(mux *http.ServeMux) {
	mux.HandleFunc("GET /domain", func(w http.ResponseWriter, _ *http.Request) { text(w, dnsDomain) })
	mux.HandleFunc("GET /name", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(r.dnsReport().Entries)
	})
	mux.HandleFunc("PUT /name/{id}/{ip}", func(w http.ResponseWriter, req *http.Request) {
		addr, err := netip.ParseAddr(req.PathValue("ip"))
		if err == nil {
			err = r.dns.add(r.name, req.PathValue("id"), addr, req.FormValue("fqdn"))
		}
		answer(w, err)
	})
	mux.HandleFunc("DELETE /name/{id}/{ip}", func(w http.ResponseWriter, req *http.Request) {
		addr, err := netip.ParseAddr(req.PathValue("ip"))
		if err == nil {
			r.dns.remove(req.PathValue("id"), addr, req.FormValue("fqdn"))
		}
		answer(w, err)
	})
}
