package main

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// composed is what docker-compose makes of deploy/compose.yaml, as far as it matters.
type composed struct {
	Services map[string]struct {
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		Volumes     []string          `yaml:"volumes"`
		Secrets     []struct {
			Source string `yaml:"source"`
		} `yaml:"secrets"`
		ReadOnly   bool     `yaml:"read_only"`
		CapDrop    []string `yaml:"cap_drop"`
		Privileged bool     `yaml:"privileged"`
		User       string   `yaml:"user"`
		Grace      string   `yaml:"stop_grace_period"`
	} `yaml:"services"`
	Secrets map[string]any `yaml:"secrets"`
	Volumes map[string]any `yaml:"volumes"`
}

// compose asks the real docker-compose what it understands.
func compose(t *testing.T) composed {
	t.Helper()
	if _, err := exec.LookPath("docker-compose"); err != nil {
		t.Fatal("docker-compose is not installed; type: make prerequisites")
	}
	var stderr bytes.Buffer
	c := exec.Command("docker-compose", "-f", "../../deploy/compose.yaml", "config")
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("docker-compose config: %v\n%s", err, stderr.String())
	}
	var all composed
	if err := yaml.Unmarshal(out, &all); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return all
}

// TestCompose holds the compose file against docker-compose and against this program:
// one container, of which nothing is written but its state, no database, and no way
// to the host's Docker; its health is heard on this machine alone.
func TestCompose(t *testing.T) {
	all := compose(t)
	bot, there := all.Services["bot"]
	if !there || len(all.Services) != 1 || len(all.Volumes) != 1 {
		t.Fatalf("want the bot and one volume alone: %+v", all)
	}
	if !bot.ReadOnly || bot.Privileged || bot.User != "" || !slices.Equal(bot.CapDrop, []string{"ALL"}) || bot.Grace != "30s" {
		t.Errorf("it may do too much, or is stopped too fast: %+v", bot)
	}
	if len(bot.Ports) != 1 || !strings.HasPrefix(bot.Ports[0], "127.0.0.1:8085:8085") {
		t.Errorf("ports %q are heard elsewhere", bot.Ports)
	}
	for _, v := range bot.Volumes {
		if from, _, _ := strings.Cut(v, ":"); strings.Contains(v, "docker.sock") || strings.HasPrefix(from, "/") && !strings.HasSuffix(v, ":ro") {
			t.Errorf("the volume %s can change the host", v)
		}
	}
	file, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{":/state:rw", ":/config:ro"} {
		if !slices.ContainsFunc(bot.Volumes, func(v string) bool { return strings.HasSuffix(v, want) }) {
			t.Errorf("no volume ends with %s: %q", want, bot.Volumes)
		}
	}
	if !strings.Contains(string(file), "HOME=/state") || !strings.Contains(string(file), "/config/fleet.yaml") {
		t.Error("the image keeps its state or looks for its fleet file elsewhere")
	}
	for _, s := range bot.Secrets {
		if bot.Environment[strings.ToUpper(s.Source)+"_FILE"] != "/run/secrets/"+s.Source || all.Secrets[s.Source] == nil {
			t.Errorf("the bot is not told of the secret %s: %v", s.Source, bot.Environment)
		}
	}
	if len(bot.Secrets) != 2 {
		t.Errorf("%d secrets", len(bot.Secrets))
	}
}

// TestComposeTypesWhatIsUnderstood: its command is read as far as the token that is
// not there.
func TestComposeTypesWhatIsUnderstood(t *testing.T) {
	w := newWorld(t)
	var argv []string
	for _, word := range compose(t).Services["bot"].Command {
		word = strings.ReplaceAll(word, "/config/fleet.yaml", w.fleet())
		argv = append(argv, strings.ReplaceAll(word, "0.0.0.0:8085", "127.0.0.1:0"))
	}
	w.env["SLACK_BOT_TOKEN_FILE"] = "/run/secrets/nobody"
	w.wants(w.bot(argv...), 2, "", "SLACK_BOT_TOKEN_FILE cannot be read")
}
