// Package bounding lets privileged containers start where the capability
// bounding set of the machine is not whole: it takes the capabilities that the
// kernel would refuse out of what Docker asks runc for.
package bounding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Missing returns the names of the capabilities that the CapBnd line of a
// /proc/PID/status text lacks, in the order of their numbers.
func Missing(status string) ([]string, error) {
	for line := range strings.Lines(status) {
		hex, ok := strings.CutPrefix(line, "CapBnd:")
		if !ok {
			continue
		}
		set, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
		if err != nil {
			return nil, fmt.Errorf("CapBnd of /proc/self/status: %w", err)
		}
		var missing []string
		for bit, name := range names {
			if set&(1<<bit) == 0 {
				missing = append(missing, name)
			}
		}
		return missing, nil
	}
	return nil, errors.New("/proc/self/status has no CapBnd line")
}

// Files returns the files in which this runc command line carries
// capabilities: config.json of its --bundle, and its --process file.
func Files(args []string) []string {
	var files []string
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		switch name {
		case "--bundle", "-b":
			files = append(files, filepath.Join(value, "config.json"))
		case "--process", "-p":
			files = append(files, value)
		}
	}
	return files
}

// Without returns an OCI config.json, or a process file, whose capability sets
// lack the named ones. Everything else stays as it is.
func Without(spec []byte, missing []string) ([]byte, error) {
	var doc map[string]any
	dec := json.NewDecoder(bytes.NewReader(spec))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not an OCI document: %w", err)
	}
	process := doc
	if inner, ok := doc["process"].(map[string]any); ok {
		process = inner
	}
	sets, _ := process["capabilities"].(map[string]any)
	for set, list := range sets {
		have, ok := list.([]any)
		if !ok {
			continue
		}
		sets[set] = slices.DeleteFunc(have, func(c any) bool {
			name, _ := c.(string)
			return slices.Contains(missing, name)
		})
	}
	return json.Marshal(doc)
}
