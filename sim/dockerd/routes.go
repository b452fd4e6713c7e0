package dockerd

import (
	"net/http"
)

// routes are all requests that are answered.
func (e *Engine) routes() *http.ServeMux {
	m := http.NewServeMux()
	on := func(pattern string, h handler) {
		m.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				tell(w, err)
			}
		})
	}
	of := func(pattern string, h func(c *Container, w http.ResponseWriter, r *http.Request) error) {
		on(pattern, func(w http.ResponseWriter, r *http.Request) error {
			c, err := e.find(r.PathValue("id"))
			if err != nil {
				return err
			}
			return h(c, w, r)
		})
	}
	on("/", func(http.ResponseWriter, *http.Request) error { return missing("page not found") })
	e.systemRoutes(on)
	e.imageRoutes(on)
	on("GET /containers/json", e.httpList)
	on("POST /containers/create", e.httpCreate)
	of("GET /containers/{id}/json", httpInspect)
	of("POST /containers/{id}/start", func(c *Container, w http.ResponseWriter, _ *http.Request) error { return empty(w, c.start()) })
	of("POST /containers/{id}/stop", httpStop)
	of("POST /containers/{id}/restart", httpRestart)
	on("POST /containers/{id}/kill", e.httpKill)
	of("POST /containers/{id}/pause", func(c *Container, w http.ResponseWriter, _ *http.Request) error { return empty(w, c.Pause()) })
	of("POST /containers/{id}/unpause", func(c *Container, w http.ResponseWriter, _ *http.Request) error { return empty(w, c.Unpause()) })
	on("POST /containers/{id}/rename", e.httpRename)
	of("POST /containers/{id}/update", httpUpdate)
	of("POST /containers/{id}/wait", httpWait)
	of("POST /containers/{id}/resize", func(_ *Container, w http.ResponseWriter, _ *http.Request) error { return nil })
	on("POST /exec/{id}/resize", func(http.ResponseWriter, *http.Request) error { return nil })
	of("DELETE /containers/{id}", func(c *Container, w http.ResponseWriter, r *http.Request) error {
		return empty(w, c.Remove(yes(r, "force"), yes(r, "v")))
	})
	of("GET /containers/{id}/top", httpTop)
	on("GET /containers/{id}/logs", e.httpLogs)
	of("POST /containers/{id}/attach", httpAttach)
	of("GET /containers/{id}/export", func(c *Container, w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/octet-stream")
		return c.export(w)
	})
	of("GET /containers/{id}/archive", httpGet)
	of("HEAD /containers/{id}/archive", httpStat)
	of("PUT /containers/{id}/archive", httpPut)
	on("POST /containers/{id}/exec", e.httpExecCreate)
	on("POST /exec/{id}/start", e.httpExecStart)
	on("GET /exec/{id}/json", e.httpExecInspect)
	return m
}

// empty answers a change that has nothing to say.
func empty(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}
