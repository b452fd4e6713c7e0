package cli

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/registry"
	"github.com/docker/docker/client"
	"github.com/docker/go-units"
)

// output is the file of -o, or the standard output.
func (s *session) output() (io.Writer, func() error, error) {
	name := s.set.last("output")
	if name == "" {
		return s.Stdout(), func() error { return nil }, nil
	}
	d, err := s.Open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return s.Use(d), d.Close, nil
}

func (s *session) write(body io.ReadCloser) error {
	defer body.Close() //nolint:errcheck // only read
	to, done, err := s.output()
	if err != nil {
		return err
	}
	_, err = io.Copy(to, body)
	return errors.Join(err, done())
}

func save(s *session) error {
	body, err := s.api.ImageSave(s.Context(), s.args)
	if err != nil {
		return err
	}
	return s.write(body)
}

func export(s *session) error {
	body, err := s.api.ContainerExport(s.Context(), s.args[0])
	if err != nil {
		return err
	}
	return s.write(body)
}

func load(s *session) error {
	from := s.Stdin()
	if name := s.set.last("input"); name != "" {
		d, err := s.Open(name, os.O_RDONLY, 0)
		if err != nil {
			return err
		}
		defer d.Close() //nolint:errcheck // only read
		from = s.Use(d)
	}
	r, err := s.api.ImageLoad(s.Context(), from, client.ImageLoadWithQuiet(true))
	if err != nil {
		return err
	}
	defer r.Body.Close() //nolint:errcheck // only read
	return s.messages(r.Body)
}

// messages prints the stream of what the engine says meanwhile.
func (s *session) messages(body io.Reader) error {
	dec := json.NewDecoder(bufio.NewReader(body))
	for {
		var m struct {
			Stream, Status, ID, Error string
		}
		err := dec.Decode(&m)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case m.Error != "":
			return errors.New(m.Error)
		case m.Stream != "":
			s.Printf("%s", m.Stream)
		case m.ID != "":
			s.Printf("%s: %s\n", m.ID, m.Status)
		case m.Status != "":
			s.Printf("%s\n", m.Status)
		}
	}
}

func tag(s *session) error { return s.api.ImageTag(s.Context(), s.args[0], s.args[1]) }

func rmi(s *session) error {
	var failed error
	for _, name := range s.args {
		list, err := s.api.ImageRemove(s.Context(), name, image.RemoveOptions{Force: s.set.has("force"), PruneChildren: !s.set.has("no-prune")})
		if err != nil {
			s.Errorf("%v\n", gone(err, "image", name))
			failed = exit(1)
		}
		for _, g := range list {
			if g.Untagged != "" {
				s.Printf("Untagged: %s\n", g.Untagged)
			} else {
				s.Printf("Deleted: %s\n", g.Deleted)
			}
		}
	}
	return failed
}

func importImage(s *session) error {
	ref := ""
	if len(s.args) > 1 {
		ref = s.args[1]
	}
	from, source := s.Stdin(), "-"
	if s.args[0] != "-" {
		d, err := s.Open(s.args[0], os.O_RDONLY, 0)
		if err != nil {
			return err
		}
		defer d.Close() //nolint:errcheck // only read
		from = s.Use(d)
	}
	body, err := s.api.ImageImport(s.Context(), image.ImportSource{Source: from, SourceName: source}, ref, image.ImportOptions{Message: s.set.last("message"), Changes: s.set["change"]})
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	return s.messages(body)
}

func commit(s *session) error {
	ref := ""
	if len(s.args) > 1 {
		ref = s.args[1]
	}
	r, err := s.api.ContainerCommit(s.Context(), s.args[0], container.CommitOptions{Reference: ref, Comment: s.set.last("message"), Author: s.set.last("author"), Changes: s.set["change"]})
	if err != nil {
		return gone(err, "container", s.args[0])
	}
	s.Printf("%s\n", r.ID)
	return nil
}

func pull(s *session) error {
	if !strings.Contains(s.args[0], "@") && tagged(s.args[0]) != s.args[0] {
		s.Printf("Using default tag: latest\n")
	}
	return s.pulled(s.args[0], s.set.has("quiet"))
}

func (s *session) pulled(ref string, quiet bool) error {
	body, err := s.api.ImagePull(s.Context(), tagged(ref), image.PullOptions{RegistryAuth: s.auth(ref)})
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	if quiet {
		_, err = io.Copy(io.Discard, body)
		return err
	}
	return s.messages(body)
}

// auth is what config.json knows of the reference's registry, as the engine is
// told it.
func (s *session) auth(ref string) string {
	dir := s.Env["DOCKER_CONFIG"]
	if dir == "" {
		dir = s.Env["HOME"] + "/.docker"
	}
	text, err := s.ReadFile(dir + "/config.json")
	if err != nil {
		return ""
	}
	var known struct {
		Auths map[string]struct{ Auth string }
	}
	host, _, _ := strings.Cut(ref, "/")
	_ = json.Unmarshal(text, &known) // as good as none
	pair, err := base64.StdEncoding.DecodeString(known.Auths[host].Auth)
	user, password, ok := strings.Cut(string(pair), ":")
	if err != nil || !ok {
		return ""
	}
	told, _ := json.Marshal(registry.AuthConfig{Username: user, Password: password, ServerAddress: host})
	return base64.URLEncoding.EncodeToString(told)
}

func history(s *session) error {
	list, err := s.api.ImageHistory(s.Context(), s.args[0])
	if err != nil {
		return err
	}
	var rows []row
	for _, h := range list {
		id := h.ID
		if id != "<missing>" {
			id = s.short(id)
		}
		if s.set.has("quiet") {
			s.Printf("%s\n", id)
			continue
		}
		by := h.CreatedBy
		if !s.set.has("no-trunc") {
			by = cut(by, 45)
		}
		rows = append(rows, row{"ID": id, "CreatedSince": ago(h.Created), "CreatedAt": time.Unix(h.Created, 0).UTC().Format(time.RFC3339), "CreatedBy": by, "Size": units.HumanSizeWithPrecision(float64(h.Size), 3), "Comment": h.Comment})
	}
	if s.set.has("quiet") {
		return nil
	}
	return s.table(s.set.last("format"), "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}", map[string]string{
		"ID": "IMAGE", "CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "CreatedBy": "CREATED BY", "Size": "SIZE", "Comment": "COMMENT",
	}, rows)
}

func prune(s *session) error {
	r, err := s.api.ImagesPrune(s.Context(), filters.NewArgs())
	if err != nil {
		return err
	}
	for _, g := range r.ImagesDeleted {
		s.Printf("deleted: %s\n", g.Deleted)
	}
	s.Printf("%s\n", fmt.Sprintf("Total reclaimed space: %s", units.HumanSize(float64(r.SpaceReclaimed))))
	return nil
}
