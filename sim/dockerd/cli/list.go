package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/go-units"
)

func (s *session) filters() filters.Args {
	f := filters.NewArgs()
	for _, pair := range s.set["filter"] {
		key, value, _ := strings.Cut(pair, "=")
		f.Add(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value))
	}
	return f
}

func (s *session) short(id string) string {
	if id = strings.TrimPrefix(id, "sha256:"); !s.set.has("no-trunc") && len(id) > 12 {
		return id[:12]
	}
	return id
}

func ago(unix int64) string {
	return units.HumanDuration(time.Since(time.Unix(unix, 0))) + " ago"
}

func ps(s *session) error {
	limit, _ := strconv.Atoi(s.set.last("last"))
	if s.set.has("latest") {
		limit = 1
	}
	list, err := s.api.ContainerList(s.Context(), container.ListOptions{All: s.set.has("all"), Limit: limit, Filters: s.filters(), Size: s.set.has("size")})
	if err != nil {
		return err
	}
	var rows []row
	for _, c := range list {
		if s.set.has("quiet") {
			s.Printf("%s\n", s.short(c.ID))
			continue
		}
		rows = append(rows, s.psRow(c))
	}
	if s.set.has("quiet") {
		return nil
	}
	return s.table(s.set.last("format"), "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}", map[string]string{
		"ID": "CONTAINER ID", "Image": "IMAGE", "Command": "COMMAND", "RunningFor": "CREATED", "CreatedAt": "CREATED AT", "Status": "STATUS", "State": "STATE",
		"Ports": "PORTS", "Names": "NAMES", "Labels": "LABELS", "Mounts": "MOUNTS", "Networks": "NETWORKS", "Size": "SIZE", "LocalVolumes": "LOCAL VOLUMES",
	}, rows)
}

func (s *session) psRow(c container.Summary) row {
	command := c.Command
	if !s.set.has("no-trunc") {
		command = cut(command, 20)
	}
	var names, labels, mounts, nets []string
	for _, n := range c.Names {
		names = append(names, strings.TrimPrefix(n, "/"))
	}
	for k, v := range c.Labels {
		labels = append(labels, k+"="+v)
	}
	for _, m := range c.Mounts {
		name := m.Name
		if name == "" {
			name = m.Source
		}
		mounts = append(mounts, name)
	}
	for n := range c.NetworkSettings.Networks {
		nets = append(nets, n)
	}
	slices.Sort(labels)
	img := c.Image
	if strings.HasPrefix(img, "sha256:") {
		img = s.short(img)
	}
	return row{
		"ID": s.short(c.ID), "Image": img, "Command": strconv.Quote(command), "RunningFor": ago(c.Created), "CreatedAt": time.Unix(c.Created, 0).UTC().Format("2006-01-02 15:04:05 -0700 MST"),
		"Status": c.Status, "State": c.State, "Ports": ports(c.Ports), "Names": strings.Join(names, ","), "Labels": strings.Join(labels, ","),
		"Mounts": strings.Join(mounts, ","), "Networks": strings.Join(nets, ","), "LocalVolumes": "0",
		"Size": units.HumanSizeWithPrecision(float64(c.SizeRw), 3) + " (virtual " + units.HumanSizeWithPrecision(float64(c.SizeRootFs), 3) + ")",
	}
}

func ports(list []container.Port) string {
	var words []string
	for _, p := range list {
		w := fmt.Sprintf("%d/%s", p.PrivatePort, p.Type)
		if p.PublicPort != 0 {
			w = fmt.Sprintf("%s:%d->%s", p.IP, p.PublicPort, w)
		}
		words = append(words, w)
	}
	return strings.Join(words, ", ")
}

func images(s *session) error {
	f := s.filters()
	if len(s.args) > 0 {
		f.Add("reference", s.args[0])
	}
	list, err := s.api.ImageList(s.Context(), image.ListOptions{All: s.set.has("all"), Filters: f})
	if err != nil {
		return err
	}
	var rows []row
	for _, i := range list {
		if s.set.has("quiet") {
			s.Printf("%s\n", s.imageID(i.ID))
			continue
		}
		for _, t := range i.RepoTags {
			at := strings.LastIndex(t, ":")
			rows = append(rows, row{
				"Repository": t[:at], "Tag": t[at+1:], "ID": s.imageID(i.ID), "CreatedSince": ago(i.Created), "Digest": "<none>",
				"CreatedAt": time.Unix(i.Created, 0).UTC().Format("2006-01-02 15:04:05 -0700 MST"), "Size": units.HumanSizeWithPrecision(float64(i.Size), 3),
			})
		}
	}
	if s.set.has("quiet") {
		return nil
	}
	return s.table(s.set.last("format"), "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}", map[string]string{
		"Repository": "REPOSITORY", "Tag": "TAG", "ID": "IMAGE ID", "CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "Size": "SIZE", "Digest": "DIGEST",
	}, rows)
}

func (s *session) imageID(id string) string {
	if s.set.has("no-trunc") {
		return id
	}
	return s.short(id)
}

// inspect looks for a container of each name, and then for an image.
func inspect(s *session) error {
	var found []json.RawMessage
	var failed error
	for _, name := range s.args {
		raw, err := s.look(name)
		if err != nil {
			failed = err
			continue
		}
		found = append(found, raw)
	}
	if err := s.objects(s.set.last("format"), found); err != nil {
		return err
	}
	return failed
}

func (s *session) look(name string) (json.RawMessage, error) {
	kind := s.set.last("type")
	if strings.HasPrefix(s.name, "image ") {
		kind = "image"
	}
	var err error
	if kind == "" || kind == "container" {
		var raw []byte
		if _, raw, err = s.api.ContainerInspectWithRaw(s.Context(), name, s.set.has("size")); err == nil {
			return raw, nil
		}
	}
	if kind == "image" || kind == "" && isGone(err) {
		var raw []byte
		raw, err = s.get("/images/" + name + "/json")
		if err == nil {
			return raw, nil
		}
	}
	if isGone(err) {
		what := "object"
		if kind != "" {
			what = kind
		}
		return nil, errors.New("Error: No such " + what + ": " + name) //nolint:staticcheck // docker's words
	}
	return nil, err
}

func networks(s *session) error {
	list, err := s.api.NetworkList(s.Context(), network.ListOptions{Filters: s.filters()})
	if err != nil {
		return err
	}
	var rows []row
	for _, n := range list {
		rows = append(rows, row{"ID": s.short(n.ID), "Name": n.Name, "Driver": n.Driver, "Scope": n.Scope})
	}
	return s.table(s.set.last("format"), "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", map[string]string{"ID": "NETWORK ID", "Name": "NAME", "Driver": "DRIVER", "Scope": "SCOPE"}, rows)
}

func networkInspect(s *session) error {
	var found []json.RawMessage
	for _, name := range s.args {
		_, raw, err := s.api.NetworkInspectWithRaw(s.Context(), name, network.InspectOptions{})
		if err != nil {
			return gone(err, "network", name)
		}
		found = append(found, raw)
	}
	return s.objects(s.set.last("format"), found)
}
