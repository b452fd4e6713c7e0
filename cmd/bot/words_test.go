package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestFirstWords is what a stranger types first.
func TestFirstWords(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		line           string
		exit           int
		stdout, stderr string
	}{
		{"version", 0, "vmqbot ", ""},
		{"--version", 0, " go1.", ""},
		{"help", 0, "Exit status: 0 done", ""},
		{"--help", 0, "bot runs VerneMQ clusters.", ""},
		{"-h", 0, "bot run --config fleet.yaml", ""},
		{"explain --help", 0, "bot explain --command", ""},
		{"", 2, "", "bot run --config fleet.yaml"},
		{"frobnicate", 2, "", `bot: There is no subcommand "frobnicate". Type: bot help`},
		{"status cn", 2, "", `There is no subcommand "status"`},
		{"--config fleet.yaml run", 2, "", `There is no subcommand "--config"`},
		{"run --bogus", 2, "", "bot: run: flag provided but not defined: -bogus. Type: bot run"},
		{"run --lock-wait soon -- status", 2, "", `invalid value "soon" for flag -lock-wait`},
		{"run --lock-wait -1s -- status", 2, "", "--lock-wait wants a duration like 30s, not -1s"},
		{"run --config", 2, "", "flag needs an argument: -config"},
		{"version extra", 2, "", `version takes no words after it, and "extra" stands there`},
		{"help extra", 2, "", "help takes no words after it"},
		{"healthcheck extra", 2, "", `healthcheck does not know what to do with "extra"`},
		{"run --help", 0, "bot run --config fleet.yaml", ""},
		{"healthcheck --help", 0, "bot healthcheck --config fleet.yaml", ""},
		{"healthcheck --bogus", 2, "", "healthcheck: flag provided but not defined: -bogus"},
		{"explain --bogus", 2, "", "explain: flag provided but not defined: -bogus"},
	} {
		w.wants(w.bot(strings.Fields(c.line)...), c.exit, c.stdout, c.stderr)
	}
	if files := w.touched(); files != nil {
		t.Errorf("these were made: %q", files)
	}
}

// TestWrongWords: every wrong verb, target and option gets one sentence, exit
// status 2, and nothing is touched: not even the journal is made.
func TestWrongWords(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		words  []string
		stderr string
	}{
		{[]string{"frobnicate"}, `There is no verb "frobnicate"`},
		{[]string{"reatach", "cn"}, `Did you mean "reattach"?`},
		{[]string{"reattach"}, "Which region or node should reattach act on? There is all, cn, cn-1, sg, sg-1."},
		{[]string{"status", "us"}, `There is no region or node "us"`},
		{[]string{"status", "cn", "sg"}, `status does not know what to do with "sg"`},
		{[]string{"status", "--force"}, `status does not know the option "--force"`},
		{[]string{"history", "-n", "0"}, "wants a number from 1 to 1000"},
		{[]string{"history", "-n"}, "wants a number after it"},
		{[]string{"cancel"}, "cancel wants ID"},
		{[]string{"help", "frob"}, `There is no verb "frob"`},
		{[]string{""}, `There is no verb ""`},
		{[]string{"status", "cn; reboot"}, `There is no region or node "cn; reboot"`},
		{[]string{"status", "$(reboot)"}, `There is no region or node "$(reboot)"`},
		{[]string{"status", "../../etc/passwd"}, `There is no region or node "../../etc/passwd"`},
		{[]string{"status", "`id`"}, "There is no region or node \"`id`\""},
		{[]string{"status", "“cn”"}, `There is no region or node "“cn”"`},
		{[]string{"status", "cn\nsg"}, `"cn\nsg" holds an invisible character`},
		{[]string{"status", "cn\x00"}, `"cn\x00" holds an invisible character`},
		{[]string{"status", "c\u200bn"}, `"c\u200bn" holds an invisible character`},
		{[]string{"status\x1b[2J"}, `"status\x1b[2J" holds an invisible character`},
	} {
		s := w.run(c.words...)
		w.wants(s, 2, "", c.stderr)
		if strings.Count(s.stderr, "\n") != 1 || !strings.HasPrefix(s.stderr, "bot: ") {
			t.Errorf("%q is not told in one line: %q", c.words, s.stderr)
		}
	}
	if files := w.touched(); files != nil {
		t.Errorf("these were made: %q", files)
	}
}

// TestWrongFleetFile: a fleet file that cannot be read, or is wrong, is exit
// status 2 and names the line.
func TestWrongFleetFile(t *testing.T) {
	for name, c := range map[string]struct {
		change []string
		stderr string
	}{
		"an unknown key":         {[]string{"image:", "immage:"}, "fleet.yaml:2"},
		"two nodes, one address": {[]string{"10.0.0.2/24", "10.0.0.1/24"}, "10.0.0.1"},
		"an address outside":     {[]string{"10.0.0.2/24", "10.9.0.2/24"}, "10.9.0.2"},
		"no YAML":                {[]string{"regions:", "regions: ["}, "fleet.yaml:"},
		"a missing variable":     {[]string{"MQTT_PASSWORD", "NO_SUCH"}, "the environment variable NO_SUCH is not set"},
		"a missing file":         {[]string{"${env:MQTT_PASSWORD}", "${file:no/such}"}, "no such file or directory"},
		"an unknown reference":   {[]string{"${env:MQTT_PASSWORD}", "${vault:x}"}, "of an unknown kind. Write ${env:NAME} or ${file:PATH}"},
		"a host with a space":    {[]string{"host: 127.0.0.1, container: vernemq-release-sg-1", "host: \"127.0.0.1; reboot\", container: vernemq-release-sg-1"}, "reboot"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.fleet(c.change...)
			for _, words := range []string{"status", "help", "cancel 4f2a91", "reattach cn"} {
				w.wants(w.run(strings.Fields(words)...), 2, "", c.stderr)
			}
			w.wants(w.bot("healthcheck", "--config", w.fleet()), 2, "", c.stderr)
			if files := w.touched(); files != nil {
				t.Errorf("these were made: %q", files)
			}
		})
	}
	w := newWorld(t)
	missing := filepath.Join(w.dir, "nope.yaml")
	w.wants(w.bot("run", "--config", missing, "--", "status"), 2, "", "nope.yaml: no such file or directory. Type: bot run --config FILE")
	w.wants(w.bot("run", "--config", w.dir, "--", "status"), 2, "", "is a directory")
	w.wants(w.bot("healthcheck", "--config", missing), 2, "", "nope.yaml")
}
