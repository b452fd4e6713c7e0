package broker_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The plugin of the webhooks is off, on for one node, and off again: what
// vmq-admin knows follows, and so does what was registered.
func TestSamplesOfWebhooks(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	w.start(2)
	w.replay("webhooks-after-restart")
	for _, name := range []string{
		"plugin-enable-unknown", "plugin-enable-webhooks", "webhooks-show-empty", "webhooks-show-empty-json",
		"webhooks-register", "webhooks-register-again", "webhooks-register-badhook", "webhooks-show", "webhooks-show-json",
		"webhooks-show-on-other-node",
	} {
		w.replay(name)
	}
	day := regexp.MustCompile(`\d+-\w+-\d+::[\d:.]+`)
	w.replayed("webhooks-deregister-unknown", func(s string) string { return day.ReplaceAllString(s, "NOW") })
	w.replay("webhooks-deregister")
	w.replay("webhooks-show-empty-json")
	w.replay("webhooks-register")
	w.replay("plugin-disable-webhooks")
	w.replay("webhooks-after-restart")
	w.replay("plugin-enable-webhooks")
	w.replay("webhooks-show-empty")
}

// What vernemq.conf names is there from the start, and again after a restart;
// what was registered at run time is gone with it.
func TestWebhooksOfTheFile(t *testing.T) {
	w := newWorld(t)
	one := w.plan(1, "plugins.vmq_webhooks = on", "vmq_webhooks.w1.hook = auth_on_publish", "vmq_webhooks.w1.endpoint = http://hooks/publish")
	one.start()
	rows := func() (all []string) {
		var out struct {
			Table []struct{ Hook, Endpoint string }
		}
		if err := json.Unmarshal([]byte(one.admin("webhooks", "show", "--format=json").Stdout), &out); err != nil {
			t.Fatal(err)
		}
		for _, r := range out.Table {
			all = append(all, r.Hook+" "+r.Endpoint)
		}
		return all
	}
	own := []string{"auth_on_publish http://hooks/publish"}
	if got := rows(); !slices.Equal(got, own) {
		t.Errorf("at the start: %q", got)
	}
	one.do("Done", "webhooks", "register", "hook=on_register", "endpoint=http://hooks/r")
	if got := rows(); !slices.Equal(got, append(slices.Clone(own), "on_register http://hooks/r")) {
		t.Errorf("after a registration: %q", got)
	}
	one.stop()
	one.start()
	if got := rows(); !slices.Equal(got, own) {
		t.Errorf("after a restart: %q", got)
	}
}

// The metrics that tell of a netsplit are VerneMQ's, all of them; as JSON they
// are the same text in one string.
func TestSamplesOfMetrics(t *testing.T) {
	w := newWorld(t)
	w.start(1)
	names := func(text string, want *regexp.Regexp) (all []string) {
		for line := range strings.Lines(text) {
			if name, _, found := strings.Cut(line, " = "); found && want.MatchString(line) {
				all = append(all, name)
			}
		}
		slices.Sort(all)
		return all
	}
	human := w.nodes[1].admin("metrics", "show").Stdout
	grep := regexp.MustCompile(`netsplit|cluster_|queue_message_drop|publish_error`) // the command of the samples
	for _, name := range []string{"metrics-netsplit-n1", "metrics-after-heal-n1"} {
		if got, want := names(human, grep), names(w.readSample(name).stdout, grep); !slices.Equal(got, want) {
			t.Errorf("%s: got %q\nwant %q", name, got, want)
		}
	}
	blob := func(what, text string) string {
		var out struct{ Text, Type string }
		if err := json.Unmarshal([]byte(text), &out); err != nil || out.Type != "text" {
			t.Errorf("%s: %v, type %q", what, err, out.Type)
		}
		return out.Text
	}
	all := regexp.MustCompile(``)
	real := names(blob("the sample", w.readSample("metrics-show-json").stdout), all)
	mine := names(blob("ours", w.nodes[1].admin("metrics", "show", "--format=json").Stdout), all)
	for _, name := range mine {
		if !slices.Contains(real, name) {
			t.Errorf("as JSON: VerneMQ has no %q", name)
		}
	}
	if got := names(human, all); !slices.Equal(got, mine) || len(mine) < 100 {
		t.Errorf("as JSON %d metrics, as text %d", len(mine), len(got))
	}
}
