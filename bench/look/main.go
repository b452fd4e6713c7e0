// Command look looks at every node of a fleet again and again inside one
// process and prints how long each look took, as JSON, in milliseconds: the
// first one makes every connection.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vmqbot/executor"
	"vmqbot/facts"
	"vmqbot/regions"
)

func main() {
	config := flag.String("config", "lab/fleet.yaml", "fleet file")
	looks := flag.Int("looks", 6, "how many")
	flag.Parse()
	if err := run(*config, *looks); err != nil {
		fmt.Fprintln(os.Stderr, "look:", err)
		os.Exit(1)
	}
}

func run(config string, looks int) error {
	src, err := os.ReadFile(config) //nolint:gosec // the caller names the file
	if err != nil {
		return err
	}
	f, err := regions.Load(config, src, func(kind, ref string) (string, error) {
		if !filepath.IsAbs(ref) {
			ref = filepath.Join(filepath.Dir(config), ref)
		}
		b, err := os.ReadFile(ref) //nolint:gosec // the fleet file names the file
		return strings.TrimSpace(string(b)), err
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	hosts := executor.Open(f, executor.Options{Home: os.Getenv("HOME")})
	took := make([]float64, looks)
	for i := range took {
		start := time.Now()
		seen := hosts.Looker.Look(ctx, f.Nodes(), facts.Need{})
		took[i] = float64(time.Since(start)) / 1e6
		for name, n := range seen.Nodes {
			if !n.Netns.OK() || !n.Weave.OK() || !n.Container.OK() {
				return fmt.Errorf("%s was not seen whole: netns %s, weave %s, container %s", name, n.Netns.Why(), n.Weave.Why(), n.Container.Why())
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(took); err != nil {
		return err
	}
	return hosts.Close()
}
