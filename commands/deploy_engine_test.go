package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

func TestDeployJudgesTheEngine(t *testing.T) {
	f := fleet(t)
	for _, tt := range []struct {
		name, docker, api, weave string
		refused, told            string
	}{
		{"the oldest that can", "1.13.1", "1.25", "2.8.1", "", ""},
		{"one before it", "1.12.6", "1.24", "2.8.1", "cn-1: its Docker 1.12.6 speaks API 1.24 at most, and a container with a health check and a stop timeout needs 1.25", ""},
		{"compared as numbers", "1.9.1", "1.9", "2.8.1", "speaks API 1.9 at most", ""},
		{"not known", "24.0.7", "", "2.8.1", "which API its Docker speaks cannot be seen", ""},
		{"the last that weave can speak to", "24.0.7", "1.43", "2.8.1", "", ""},
		{"one that refuses weave", "25.0.3", "1.44", "2.8.1", "", "price: weave 2.8.1 on cn-1 asks Docker with API 1.18, and Docker 25.0.3 refuses that"},
		{"one that refuses an older weave", "28.0.1+dfsg", "1.48", "2.6.5", "", "price: weave 2.6.5 on cn-1"},
		{"a weave that goes with it", "28.0.1", "1.48", "2.8.3", "", ""},
		{"a weave that nobody knows", "28.0.1", "1.48", "git-12ab", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := runbook(f)
			factstest.Edit(&w, "cn-1", func(n *facts.Node) {
				d, _ := n.Docker.Get()
				d.Version, d.APIVersion = tt.docker, tt.api
				report, _ := n.Weave.Get()
				report.Version = tt.weave
				n.Docker, n.Weave = facts.Saw(d), facts.Saw(report)
			})
			p, err := planOf(t, f, w, "deploy cn")
			said := strings.Join(p.Notes, "\n")
			if tt.refused != "" && (ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), tt.refused) || len(p.Steps) > 0) {
				t.Errorf("%v; %d steps", err, len(p.Steps))
			}
			if tt.refused == "" && (err != nil || !strings.Contains(said, tt.told) || tt.told == "" && strings.Contains(said, "asks Docker")) {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string][]int{
		"20.10.24+dfsg1": {20, 10, 24}, "1.41": {1, 41}, "v2.8.3": {2, 8, 3}, "": nil, "git-12ab": nil, "28": nil, "1.x": nil,
	} {
		if got := numbers(text); !slices.Equal(got, want) {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}
