package dockerd

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"
)

func (e *Engine) httpList(w http.ResponseWriter, r *http.Request) error {
	f, err := filtersOf(r)
	if err != nil {
		return err
	}
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	list, err := e.list(yes(r, "all"), limit, f)
	if err != nil {
		return err
	}
	if yes(r, "size") {
		for i := range list {
			if c, ok := e.Find(list[i].ID); ok {
				list[i].SizeRw = c.written()
				list[i].SizeRootFs = list[i].SizeRw + c.image.size()
			}
		}
	}
	return give(w, http.StatusOK, list)
}

func (e *Engine) httpCreate(w http.ResponseWriter, r *http.Request) error {
	asked, err := take[struct {
		*container.Config
		HostConfig *container.HostConfig
	}](r)
	if err != nil {
		return err
	}
	if asked.Config == nil {
		return invalid("Config cannot be empty in order to create a container")
	}
	if asked.HostConfig == nil {
		asked.HostConfig = &container.HostConfig{}
	}
	c, err := e.Create(r.FormValue("name"), *asked.Config, *asked.HostConfig)
	if err != nil {
		return err
	}
	return give(w, http.StatusCreated, container.CreateResponse{ID: c.id, Warnings: []string{}})
}

func httpInspect(c *Container, w http.ResponseWriter, r *http.Request) error {
	return give(w, http.StatusOK, c.Inspect(yes(r, "size")))
}

// graceOf reads the grace of a stop; without one it is the container's own.
func graceOf(r *http.Request) (time.Duration, error) {
	word := r.FormValue("t")
	if word == "" {
		return -1, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0, broken("strconv.Atoi: parsing %q: invalid syntax", word)
	}
	if n < 0 {
		return 100 * 365 * 24 * time.Hour, nil
	}
	return time.Duration(n) * time.Second, nil
}

func httpStop(c *Container, w http.ResponseWriter, r *http.Request) error {
	grace, err := graceOf(r)
	if err != nil {
		return err
	}
	return empty(w, c.stop(grace, true))
}

func httpRestart(c *Container, w http.ResponseWriter, r *http.Request) error {
	grace, err := graceOf(r)
	if err != nil {
		return err
	}
	return empty(w, c.Restart(grace))
}

func (e *Engine) httpKill(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("id")
	if s := r.FormValue("signal"); s != "" {
		if _, err := signalOf(s); err != nil {
			return err
		}
	}
	c, err := e.find(name)
	if err != nil {
		return missing("Cannot kill container: %s: %v", name, err)
	}
	return empty(w, c.kill(name, r.FormValue("signal")))
}

func (e *Engine) httpRename(w http.ResponseWriter, r *http.Request) error {
	if r.FormValue("name") == "" {
		return invalid("Neither old nor new names may be empty")
	}
	c, err := e.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	return empty(w, c.Rename(r.FormValue("name")))
}

func httpUpdate(c *Container, w http.ResponseWriter, r *http.Request) error {
	u, err := take[container.UpdateConfig](r)
	if err != nil {
		return err
	}
	if err := c.SetRestart(u.RestartPolicy); err != nil {
		return err
	}
	return give(w, http.StatusOK, container.UpdateResponse{})
}

func httpTop(c *Container, w http.ResponseWriter, r *http.Request) error {
	titles, rows, err := c.top(r.FormValue("ps_args"))
	if err != nil {
		return err
	}
	return give(w, http.StatusOK, container.TopResponse{Titles: titles, Processes: rows})
}

// httpWait answers at once that it waits, and later with the status.
func httpWait(c *Container, w http.ResponseWriter, r *http.Request) error {
	until := r.FormValue("condition")
	e := c.e
	e.mu.Lock()
	first := c.st.finished
	e.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush()
	for {
		e.mu.Lock()
		over, status, moved := c.waited(until, first), c.st.exit, c.moved
		e.mu.Unlock()
		if over {
			return json.NewEncoder(w).Encode(container.WaitResponse{StatusCode: int64(status)})
		}
		select {
		case <-moved:
		case <-r.Context().Done():
			return nil
		}
	}
}

// waited reports that a condition of a wait has come; the caller holds the
// lock.
func (c *Container) waited(until string, first time.Time) bool {
	switch until {
	case "removed":
		return c.removed
	case "next-exit":
		return c.removed || !c.st.finished.Equal(first)
	}
	return c.removed || !c.st.running
}

// pathOf reads the path of an archive.
func pathOf(r *http.Request) (string, error) {
	at := r.FormValue("path")
	if at == "" {
		return "", invalid("bad parameter: pathcannot be empty")
	}
	return at, nil
}

func httpStat(c *Container, w http.ResponseWriter, r *http.Request) error {
	at, err := pathOf(r)
	if err != nil {
		return err
	}
	s, _, err := c.stat(at, r.PathValue("id"))
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	w.Header().Set("X-Docker-Container-Path-Stat", base64.StdEncoding.EncodeToString(text))
	return nil
}

func httpGet(c *Container, w http.ResponseWriter, r *http.Request) error {
	if err := httpStat(c, w, r); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-tar")
	e := c.e
	e.mu.Lock()
	c.tell("archive-path", nil)
	e.mu.Unlock()
	return c.read(r.FormValue("path"), r.PathValue("id"), w)
}

func httpPut(c *Container, _ http.ResponseWriter, r *http.Request) error {
	at, err := pathOf(r)
	if err != nil {
		return err
	}
	if err := c.write(at, r.PathValue("id"), r.Body); err != nil {
		return err
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	c.tell("extract-to-dir", nil)
	return nil
}
