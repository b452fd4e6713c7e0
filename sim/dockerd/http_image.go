package dockerd

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	dockerimage "github.com/docker/docker/api/types/image"
)

// imageRoutes are the requests about images. A reference may hold slashes, so
// what follows it is cut off by hand.
func (e *Engine) imageRoutes(on func(string, handler)) {
	on("GET /images/json", e.httpImages)
	on("GET /images/get", func(w http.ResponseWriter, r *http.Request) error { return e.httpSave(w, r.URL.Query()["names"]) })
	on("POST /images/load", e.httpLoad)
	on("POST /images/create", e.httpImageCreate)
	on("POST /images/prune", func(w http.ResponseWriter, _ *http.Request) error { return give(w, http.StatusOK, e.prune()) })
	on("POST /commit", e.httpCommit)
	on("GET /images/{rest...}", func(w http.ResponseWriter, r *http.Request) error {
		ref, what := cutLast(r.PathValue("rest"))
		switch what {
		case "json":
			return e.httpImage(w, ref)
		case "history":
			return e.httpHistory(w, ref)
		case "get":
			return e.httpSave(w, []string{ref})
		}
		return missing("page not found")
	})
	on("POST /images/{rest...}", func(w http.ResponseWriter, r *http.Request) error {
		ref, what := cutLast(r.PathValue("rest"))
		if what != "tag" {
			return missing("page not found")
		}
		err := e.Tag(ref, r.FormValue("repo"), r.FormValue("tag"))
		if err == nil {
			w.WriteHeader(http.StatusCreated)
		}
		return err
	})
	on("DELETE /images/{rest...}", func(w http.ResponseWriter, r *http.Request) error {
		gone, err := e.RemoveImage(r.PathValue("rest"), yes(r, "force"))
		if err != nil {
			return err
		}
		return give(w, http.StatusOK, gone)
	})
}

func cutLast(s string) (before, after string) {
	i := strings.LastIndex(s, "/")
	return s[:max(i, 0)], s[i+1:]
}

func (e *Engine) httpImages(w http.ResponseWriter, r *http.Request) error {
	f, err := filtersOf(r)
	if err != nil {
		return err
	}
	return give(w, http.StatusOK, e.imageList(f))
}

// imageList lists images, the newest first.
func (e *Engine) imageList(f filters.Args) []map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []*image
	for _, i := range e.images {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b *image) int {
		if c := b.conf.Created.Compare(a.conf.Created); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	list := []map[string]any{}
	for _, i := range all {
		tags := e.tagsOf(i.id)
		dangling := len(tags) == 0
		if f.Contains("dangling") && f.ExactMatch("dangling", "true") != dangling || !f.MatchKVList("label", i.conf.Config.Labels) {
			continue
		}
		if f.Contains("reference") && !slices.ContainsFunc(tags, func(t string) bool {
			repo, _, _ := cutTag(t)
			return slices.Contains(f.Get("reference"), t) || slices.Contains(f.Get("reference"), repo)
		}) {
			continue
		}
		digests := []string(nil)
		if dangling {
			tags, digests = []string{"<none>:<none>"}, []string{"<none>@<none>"}
		}
		list = append(list, map[string]any{
			"Containers": -1, "Created": i.conf.Created.Unix(), "Id": i.id, "Labels": i.conf.Config.Labels, "ParentId": "",
			"RepoDigests": digests, "RepoTags": tags, "SharedSize": -1, "Size": i.size(), "VirtualSize": i.size(),
		})
	}
	return list
}

func (e *Engine) httpImage(w http.ResponseWriter, ref string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.image(ref)
	if i == nil {
		return missing("no such image: %s: No such image: %s", ref, named(ref))
	}
	conf := i.conf.Config
	return give(w, http.StatusOK, map[string]any{
		"Id": i.id, "RepoTags": e.tagsOf(i.id), "RepoDigests": []string{}, "Parent": "", "Comment": i.conf.Comment, "Created": when(i.conf.Created),
		"Container": "", "ContainerConfig": conf, "DockerVersion": i.conf.DockerVersion, "Author": i.conf.Author, "Config": conf,
		"Architecture": i.conf.Architecture, "Os": "linux", "Size": i.size(), "VirtualSize": i.size(),
		"GraphDriver": map[string]any{"Name": "overlay2", "Data": map[string]string{"UpperDir": dataRoot + "/overlay2/" + short(i.id) + "/diff"}},
		"RootFS":      map[string]any{"Type": "layers", "Layers": i.conf.RootFS.DiffIDs}, "Metadata": map[string]any{"LastTagTime": when(i.tagged)},
	})
}

func (e *Engine) httpHistory(w http.ResponseWriter, ref string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.image(ref)
	if i == nil {
		return missing("No such image: %s", named(ref))
	}
	list := []dockerimage.HistoryResponseItem{}
	next := 0
	for _, h := range i.conf.History {
		item := dockerimage.HistoryResponseItem{ID: "<missing>", Comment: h.Comment, Created: h.Created.Unix(), CreatedBy: h.CreatedBy}
		if !h.Empty && next < len(i.layers) {
			item.Size = i.layers[next].size
			next++
		}
		list = append(list, item)
	}
	slices.Reverse(list)
	if len(list) > 0 {
		list[0].ID, list[0].Tags = i.id, e.tagsOf(i.id)
	}
	return give(w, http.StatusOK, list)
}

func (e *Engine) httpSave(w http.ResponseWriter, refs []string) error {
	w.Header().Set("Content-Type", "application/x-tar")
	return e.save(refs, w)
}

// httpLoad answers 200 whatever happens, with the error in the stream.
func (e *Engine) httpLoad(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	enc := json.NewEncoder(w)
	err := e.load(r.Body, func(s string) { _ = enc.Encode(map[string]string{"stream": s}) })
	if err != nil {
		_ = enc.Encode(streamError(err))
	}
	return nil
}

func streamError(err error) map[string]any {
	return map[string]any{"errorDetail": map[string]string{"message": err.Error()}, "error": err.Error()}
}

func (e *Engine) httpImageCreate(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	repo, tag := q.Get("repo"), q.Get("tag")
	if from := q.Get("fromImage"); from != "" {
		return e.httpPull(w, r, from, tag)
	}
	if tag != "" && repo != "" {
		repo += ":" + tag
	}
	if q.Get("fromSrc") != "-" {
		return broken("Get %q: dial tcp: no such host", q.Get("fromSrc"))
	}
	id, err := e.importFlat(r.Body, q.Get("fromSrc"), repo, q.Get("message"), q["changes"])
	if err != nil {
		return err
	}
	return give(w, http.StatusOK, map[string]string{"status": id})
}

func (e *Engine) httpCommit(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	_, _ = io.Copy(io.Discard, r.Body)
	c, err := e.find(q.Get("container"))
	if err != nil {
		return err
	}
	ref := q.Get("repo")
	if ref != "" && q.Get("tag") != "" {
		ref += ":" + q.Get("tag")
	}
	changes := q["changes"]
	if len(changes) == 1 {
		changes = strings.Split(changes[0], "\n")
	}
	id, err := e.commit(c, ref, q.Get("comment"), q.Get("author"), changes)
	if err != nil {
		return err
	}
	return give(w, http.StatusCreated, container.CommitResponse{ID: id})
}

// prune removes images that have no reference and no container.
func (e *Engine) prune() map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	gone, freed := []Gone{}, int64(0)
	for id, i := range e.images {
		if len(e.tagsOf(id)) == 0 && e.user(i) == nil {
			delete(e.images, id)
			gone = append(gone, Gone{Deleted: id})
			freed += i.size()
		}
	}
	return map[string]any{"ImagesDeleted": gone, "SpaceReclaimed": freed}
}
