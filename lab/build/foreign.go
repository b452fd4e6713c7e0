package build

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// foreignProgram is the header of an ELF file for 64-bit ARM: as much of a
// program as a kernel reads before it refuses to execute it.
var foreignProgram = func() string {
	const executable, aarch64 = 2, 183
	head := make([]byte, 64)
	copy(head, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(head[16:], executable)
	binary.LittleEndian.PutUint16(head[18:], aarch64)
	head[20], head[52] = 1, 64
	return string(head)
}()

// part is one file of a tar.
type part struct {
	head *tar.Header
	body []byte
}

// rearchitect returns what `docker save` wrote of one image, changed so that
// its configuration names another architecture.
func rearchitect(saved io.Reader, architecture string) (io.Reader, error) {
	parts, err := unpack(saved)
	if err != nil {
		return nil, fmt.Errorf("reading the saved image: %w", err)
	}
	at := func(name string) int {
		return slices.IndexFunc(parts, func(p part) bool { return p.head.Name == name })
	}
	list := at("manifest.json")
	if list < 0 {
		return nil, errors.New("the saved image has no manifest.json; is this the output of docker save?")
	}
	var manifest []struct{ Config string }
	if err := json.Unmarshal(parts[list].body, &manifest); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	if len(manifest) != 1 || at(manifest[0].Config) < 0 {
		return nil, fmt.Errorf("the saved image should hold one image and its configuration; its manifest is %s", parts[list].body)
	}
	old := manifest[0].Config
	config := map[string]json.RawMessage{}
	if err := json.Unmarshal(parts[at(old)].body, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", old, err)
	}
	config["architecture"] = json.RawMessage(fmt.Sprintf("%q", architecture))
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%x.json", sha256.Sum256(text)) // Docker finds a configuration by its digest
	parts[list].body = bytes.ReplaceAll(parts[list].body, []byte(old), []byte(name))
	i := at(old)
	parts[i].head.Name, parts[i].body = name, text
	return pack(parts)
}

func unpack(from io.Reader) ([]part, error) {
	var parts []part
	for in := tar.NewReader(from); ; {
		head, err := in.Next()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", head.Name, err)
		}
		parts = append(parts, part{head, body})
	}
}

func pack(parts []part) (io.Reader, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, p := range parts {
		p.head.Size = int64(len(p.body))
		if err := w.WriteHeader(p.head); err != nil {
			return nil, err
		}
		if _, err := w.Write(p.body); err != nil {
			return nil, err
		}
	}
	return &out, w.Close()
}
