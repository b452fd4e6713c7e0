package dockerd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/distribution/reference"
)

// httpPull fetches an image from a registry that the machine reaches, and
// tells of it as a stream.
func (e *Engine) httpPull(w http.ResponseWriter, r *http.Request, from, tag string) error {
	ref, err := reference.ParseNormalizedNamed(from)
	if err != nil {
		return invalid("%v", err)
	}
	if strings.Contains(tag, ":") {
		from += "@" + tag
	} else if tag != "" {
		from = reference.TrimNamed(ref).String() + ":" + tag
	}
	if ref, err = reference.ParseNormalizedNamed(from); err != nil {
		return invalid("%v", err)
	}
	ref = reference.TagNameOnly(ref)
	p := puller{e: e, ref: ref, host: reference.Domain(ref), auth: r.Header.Get("X-Registry-Auth")}
	p.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: e.machine.Net.DialContext}}
	i, sum, err := p.image(r.Context())
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.keep(i)
	name := reference.FamiliarString(ref)
	if _, ok := ref.(reference.Tagged); ok {
		e.tags[name], i.tagged = i.id, time.Now()
	}
	e.emit("image", "pull", name, map[string]string{"name": reference.FamiliarName(ref)})
	e.mu.Unlock()
	enc := json.NewEncoder(w)
	w.Header().Set("Content-Type", "application/json")
	for _, l := range []string{"Digest: " + sum, "Status: Downloaded newer image for " + name} {
		_ = enc.Encode(map[string]string{"status": l})
	}
	return nil
}

// puller fetches one image by the registry's protocol, version 2.
type puller struct {
	e    *Engine
	ref  reference.Named
	host string
	auth string
	http *http.Client
}

// get fetches a path of the registry.
func (p puller) get(ctx context.Context, path string) ([]byte, error) {
	url := "http://" + p.host + "/v2/" + path
	if p.host == "docker.io" {
		return nil, broken("Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, broken("%v", err)
	}
	p.login(req)
	req.Header.Set("Accept", "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json")
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, broken("Get %q: %s", "http://"+p.host+"/v2/", dialed(err, p.host))
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return nil, broken("%v", err)
	case resp.StatusCode == http.StatusNotFound:
		return nil, missing("manifest for %s not found: manifest unknown: manifest unknown", reference.FamiliarString(p.ref))
	case resp.StatusCode == http.StatusUnauthorized:
		return nil, broken("Head %q: no basic auth credentials", url)
	case resp.StatusCode != http.StatusOK:
		return nil, broken("received unexpected HTTP status: %s", resp.Status)
	}
	return body, nil
}

// dialed words a failed connection as Go's own network does.
func dialed(err error, host string) string {
	for no, words := range map[syscall.Errno]string{
		syscall.ECONNREFUSED: "connection refused", syscall.EHOSTUNREACH: "no route to host", syscall.ENETUNREACH: "network is unreachable", syscall.ETIMEDOUT: "connection timed out",
	} {
		if errors.Is(err, no) {
			return "dial tcp " + host + ": connect: " + words
		}
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		name, _, _ := strings.Cut(host, ":")
		return "dial tcp: lookup " + name + ": no such host"
	}
	return "EOF"
}

func (p puller) image(ctx context.Context) (*image, string, error) {
	var which string
	switch r := p.ref.(type) {
	case reference.Digested:
		which = r.Digest().String()
	case reference.Tagged:
		which = r.Tag()
	}
	repo := reference.Path(p.ref)
	raw, err := p.get(ctx, repo+"/manifests/"+which)
	if err != nil {
		return nil, "", err
	}
	var m struct {
		Config struct{ Digest string }
		Layers []struct{ Digest string }
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, "", broken("%v", err)
	}
	conf, err := p.blob(ctx, repo, m.Config.Digest)
	if err != nil {
		return nil, "", err
	}
	var layers []*layer
	for _, d := range m.Layers {
		if l := p.e.fetchedAs(d.Digest); l != nil {
			layers = append(layers, l)
			continue
		}
		packed, err := p.layer(ctx, repo, d.Digest)
		if err != nil {
			return nil, "", err
		}
		src, err := plainly(bytes.NewReader(packed))
		if err != nil {
			return nil, "", broken("failed to register layer: Error processing tar file(exit status 1): %v", err)
		}
		body, err := io.ReadAll(src)
		if err != nil {
			return nil, "", broken("%v", err)
		}
		l, err := newLayer(body)
		if err != nil {
			return nil, "", broken("failed to register layer: Error processing tar file(exit status 1): %v", err)
		}
		l = p.e.lib.intern(l)
		p.e.fetched(d.Digest, l)
		layers = append(layers, l)
	}
	i, err := newImage(conf, layers)
	return i, digest(raw), err
}

func (p puller) blob(ctx context.Context, repo, sum string) ([]byte, error) {
	body, err := p.get(ctx, repo+"/blobs/"+sum)
	if err == nil && digest(body) != sum {
		err = broken("filesystem layer verification failed for digest %s", sum)
	}
	return body, err
}
