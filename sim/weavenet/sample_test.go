package weavenet_test

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// sample is one recorded run.
type sample struct {
	command string
	ran
}

func readSample(t *testing.T, file string) sample {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	for line := range strings.Lines(string(ar.Comment)) {
		switch key, value, _ := strings.Cut(line, ":"); key {
		case "command":
			s.command = strings.TrimSpace(value)
		case "exit":
			if word := strings.TrimSpace(value); word != "" {
				if s.exit, err = strconv.Atoi(word); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, f := range ar.Files {
		switch f.Name {
		case "stdout":
			s.stdout = string(f.Data)
		case "stderr":
			s.stderr = string(f.Data)
		}
	}
	return s
}

// recorded are the names that peers and containers had in the recorded runs.
var recorded = strings.NewReplacer(
	"fa:fe:5f:5a:ab:a6", "PEER-eu", "2a:9d:78:9d:b4:9d", "PEER-eu", "12:c0:b6:33:a0:93", "PEER-us", "de:93:2b:c2:ca:eb", "PEER-ap", "32:eb:49:32:a4:e2", "PEER-sa",
	"5bf44378c480575b2ac258d67b33ad20e8cb650ae185c742184081722a3a693c", "CONTAINER-c1", "5bf44378c480", "CONTAINER-c1", "27b717860a06", "CONTAINER-c1",
	"f2d8e9a37369", "CONTAINER-c3", "ba3e20db316fcbb65b56b8e05a79b3346f6c413118eb5cd6d3024f5cb3222b65", "CONTAINER-cstopped",
)

// ours are the same names in this fleet, as the host sees them.
func (h *host) ours() *strings.Replacer {
	var pairs []string
	for name, o := range h.f.hosts {
		pairs = append(pairs, o.PeerName(), "PEER-"+name)
	}
	for _, c := range h.docker.All() {
		if strings.HasPrefix(c.Name, "c") {
			pairs = append(pairs, c.ID, "CONTAINER-"+c.Name, c.ID[:12], "CONTAINER-"+c.Name)
		}
	}
	return strings.NewReplacer(pairs...)
}

// chances are what differs from run to run. The clock of a bubble has no
// monotonic reading to print.
var chances = []struct{ re, with string }{
	{`\b[0-9a-f]{64}\b`, "ID"},
	{`\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b`, "MAC"},
	{`retry: [0-9-]{10} [0-9:.]{8,18} \+0000 UTC( m=\+[0-9.]+)?`, "retry: TIME"},
	{`next check at 2[0-9/]{9} [0-9:]{8}`, "next check at TIME"},
	{`(10\.78\.0\.1[1-4]):[3-6][0-9]{4}\b`, "$1:PORTS"},
	{`127\.0\.0\.1:[0-9]{5}->`, "127.0.0.1:PORT->"},
	{`"(UID|ShortID|Version|PacketsReceived)": [0-9]+`, `"$1": 0`},
	{`"20[0-9-]{8}T[0-9:.]+Z"`, `"TIME"`},
}

func withoutChance(s string) string {
	for _, c := range chances {
		s = regexp.MustCompile(c.re).ReplaceAllString(s, c.with)
	}
	return s
}

// sorted puts lists into one order that the real router prints in the order
// of a Go map: JSON as a whole, connections line by line, and peers with their
// connections.
func sorted(s string) string {
	var report any
	if strings.HasPrefix(s, "{") && json.Unmarshal([]byte(s), &report) == nil {
		b, _ := json.MarshalIndent(sortLists(report), "", " ")
		return string(b)
	}
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	var blocks []string
	for i := 0; i < len(lines); {
		j := i + 1
		for j < len(lines) && strings.HasPrefix(lines[j], "   ") {
			j++
		}
		slices.Sort(lines[i+1 : j])
		blocks = append(blocks, strings.Join(lines[i:j], "\n"))
		i = j
	}
	if strings.Contains(s, "<- ") || strings.Contains(s, "-> ") || strings.Contains(s, "<> ") {
		slices.Sort(blocks)
	}
	return strings.Join(blocks, "\n")
}

func sortLists(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = sortLists(v[k])
		}
	case []any:
		for i := range v {
			v[i] = sortLists(v[i])
		}
		slices.SortFunc(v, func(a, b any) int {
			x, _ := json.Marshal(a)
			y, _ := json.Marshal(b)
			return cmp.Compare(string(x), string(y))
		})
	}
	return v
}

// whoDialed is a matter of chance after a router has been away: both sides
// try.
func whoDialed(s string) string {
	return regexp.MustCompile(`(?:<-|->) (10\.78\.0\.1[1-4]):(?:PORTS|6783) +established`).ReplaceAllString(s, "<> $1 established")
}

// plain makes answers comparable.
func plain(s string, names *strings.Replacer, anyDialer bool) string {
	s = withoutChance(names.Replace(s))
	if anyDialer {
		s = whoDialed(s)
	}
	s = strings.ReplaceAll(s, ":PORTS", ":PORT5") // as wide as it was
	return sorted(s)
}
