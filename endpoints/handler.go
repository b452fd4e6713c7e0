package endpoints

import (
	"bytes"
	_ "embed" // for the page
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"vmqbot/checks"
	"vmqbot/format"
)

//go:embed mesh.html
var meshHTML string

// page escapes what is filled in; nothing of it stands in a script, a style or an
// address, where that would not do.
var page = format.Must(format.Parse("mesh", meshHTML, map[string]format.Func{
	"ms": format.Of(milliseconds), "utc": format.Of(utc), "mark": format.Of(mark), "worst": format.Of(func(l Link) any { return l.Verdict() }),
})).HTML()

// Handler answers /healthz, /readyz, /mesh and /mesh.json; metrics answers
// /metrics, where it is not nil. more are conditions of others for /readyz.
func (b *Board) Handler(metrics http.Handler, more ...func() Condition) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		alive, says := b.Alive()
		plain(w, status(alive), says+"\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		all, ready := b.Ready()
		for _, ask := range more {
			c := ask()
			all, ready = append(all, c), ready && c.OK
		}
		asJSON(w, status(ready), map[string]any{"ready": ready, "conditions": all})
	})
	mux.HandleFunc("GET /mesh.json", func(w http.ResponseWriter, _ *http.Request) { asJSON(w, http.StatusOK, b.Mesh()) })
	mux.HandleFunc("GET /mesh", func(w http.ResponseWriter, _ *http.Request) { b.meshPage(w) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "mesh", http.StatusFound) })
	if metrics != nil {
		mux.Handle("GET /metrics", metrics)
	}
	return mux
}

func status(ok bool) int {
	if ok {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, text) // whoever asked is gone when it fails
}

func asJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		plain(w, http.StatusInternalServerError, "what was seen could not be written\n")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
}

// row is one row of the table: all ways that begin at a node.
type row struct {
	Node  Node
	Cells []cell
}

type cell struct {
	Same bool // a node and itself
	Link
}

func (b *Board) meshPage(w http.ResponseWriter) {
	m := b.Mesh()
	var rows []row
	next := 0
	for i, n := range m.Nodes {
		r := row{Node: n}
		for j := range m.Nodes {
			if i == j {
				r.Cells = append(r.Cells, cell{Same: true})
				continue
			}
			r.Cells = append(r.Cells, cell{Link: m.Links[next]})
			next++
		}
		rows = append(rows, r)
	}
	alive, says := b.Alive()
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{"Mesh": m, "Rows": rows, "Alive": alive, "Says": says, "Sweep": int(b.sweep().Seconds())})
	if err != nil {
		plain(w, http.StatusInternalServerError, "the page could not be drawn\n")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(out.Bytes())
}

func (b *Board) sweep() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fleet.Checks.Sweep
}

func milliseconds(d time.Duration) any {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func utc(t time.Time) any {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// mark says in a word what the color says.
func mark(v checks.Verdict) any {
	return map[checks.Verdict]string{checks.OK: "ok", checks.Bad: "BAD", checks.Unknown: "unknown"}[v]
}
