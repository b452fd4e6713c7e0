package source

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vmqbot/speech"
)

var aVerb = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*(?:\*|\d+)?(?:\.\d+)?([a-zA-Z%])|\$\{\w+\}|\$\w+`)

// sample is a form with something in its holes.
func sample(form string) string {
	shell := strings.Contains(form, "%")
	return aVerb.ReplaceAllStringFunc(form, func(verb string) string {
		if verb[0] == '$' && shell {
			return verb
		}
		switch verb[len(verb)-1] {
		case 'd':
			return "3"
		case 'q':
			return `"x"`
		case 'x', 'X':
			return "ab12"
		case 'f', 'g':
			return "1.5"
		case 'c':
			return "|"
		case '%':
			return "%"
		}
		return "cn-1"
	})
}

// TestEverySentenceIsSaid fills each sentence and says it: no English stays, so
// no form stands in the way of another one.
func TestEverySentenceIsSaid(t *testing.T) {
	all, err := Read(root, Rooms...)
	if err != nil {
		t.Fatal(err)
	}
	zh, failed := speech.In("zh"), 0
	for _, s := range all {
		said := zh.Line(sample(s.Form))
		// What the translation itself keeps is a name or a line to type.
		if left := strays(speech.Left(said), speech.Left(strings.ReplaceAll(entryOf(t, s.Form), "%", " %"))); len(left) > 0 {
			failed++
			t.Logf("%s: %q leaves %q in %q", s.At, s.Form, left, said)
		}
	}
	if failed > mostUnsaid {
		t.Errorf("%d of %d sentences leave English, and %d are allowed", failed, len(all), mostUnsaid)
	}
}

// mostUnsaid only shrinks; docs/status.md tells it.
const mostUnsaid = 0

var entryMap map[string]string

func entryOf(t *testing.T, form string) string {
	t.Helper()
	if entryMap == nil {
		entryMap = map[string]string{}
		for _, e := range entries(t, "zh") {
			entryMap[e.English] = e.Other
		}
	}
	return entryMap[form]
}

// strays are the words of left that allowed does not have.
func strays(left, allowed []string) []string {
	var all []string
	for _, w := range left {
		if w != "cn-1" && !contains(allowed, w) {
			all = append(all, w)
		}
	}
	return all
}

func contains(words []string, w string) bool {
	for _, one := range words {
		if one == w || strings.Contains(one, w) {
			return true
		}
	}
	return false
}

// TestGoldens says what the verbs print, line by line, and counts the lines in
// which English stays.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "commands/testdata/*.txt"))
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	zh := speech.In("zh")
	lines, english := 0, 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if raw[strings.TrimRight(filepath.Base(f), "0123456789.tx")] {
			continue
		}
		for line := range strings.Lines(zh.Text(string(text))) {
			lines++
			if left := strays(speech.Left(theirs.Replace(aTyped.ReplaceAllString(line, ""))), fleetNames); len(left) > 0 {
				english++
				t.Logf("%s: %q in %s", filepath.Base(f), left, strings.TrimSpace(line))
			}
		}
	}
	t.Logf("%d of %d lines hold an English word", english, lines)
	if english > mostEnglish {
		t.Errorf("%d of %d lines of the goldens hold English, and %d are allowed", english, lines, mostEnglish)
	}
}

// fleetNames are names of the fleet of the tests, and values of switches.
var fleetNames = []string{"cn", "sg", "us", "eu", "on", "off", "console", "operator", "viewer", "admin", "pong", "release", "ops",
	// words of weave, Docker, VerneMQ, and the kernel
	"established", "sleeve", "encrypted", "pending", "attach", "heal", "bip", "default-address-pools", "live-restore", "true", "false", "log-driver", "json-file", "log-opts", "max-size", "max-file",
	"dev", "rmi", "cron", "stopping", "vmqbot-weave", "listener", "session", "--node", "--user", "Mon",
	"rajchaudhuri", "vmqbot-build",
	// options that are typed
	"--drop-clients", "--start", "--image", "--from"}

// theirs is what the tests' world says and people gave as reasons, which stays as it
// came, as a whole and nothing of it alone.
var theirs = strings.NewReplacer(
	"chrony is being set up", "", "the provider's window", "", `the provider'\''s window`, "", "moving the host", "", "new disks", "", "eu loses messages", "",
	"Node 'VerneMQ@10.0.0.1' not responding to pings", "", "published and acknowledged, and nothing came in 5s", "",
)

// aTyped is what a program is given, in a row of a plan.
var aTyped = regexp.MustCompile(`\$ .*`)

// mostEnglish only shrinks; docs/status.md tells it.
const mostEnglish = 0

// raw are the verbs whose text is a tool's.
var raw = map[string]bool{"admin": true, "logs": true, "conf-show": true, "listeners": true, "sessions": true, "metrics": true, "webhooks": true}
