package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"vmqbot/terminal"
	"vmqbot/terminal/pty"
)

// TestTheLanguageOfATerminal: before a fleet file was read the terminal's own names
// it, the first of the variables that says anything.
func TestTheLanguageOfATerminal(t *testing.T) {
	for env, want := range map[string]string{
		"": "", "LANG=zh_CN.UTF-8": "zh", "LANG=zh.UTF-8": "zh", "LANG=zh": "zh", "LANG=zh@stroke": "zh", "LANG=en_US.UTF-8": "en", "LANG=C": "C", "LANG=_": "",
		"LANG=en_US.UTF-8 LC_ALL=zh_CN.UTF-8": "zh", "LANG=zh_CN.UTF-8 LC_MESSAGES=C": "C", "LANG=zh_CN.UTF-8 LC_ALL=C": "C",
	} {
		if got := ofTerminal(environment(env)); got != want {
			t.Errorf("%q speaks %q, want %q", env, got, want)
		}
	}
}

// TestAChineseFleetOnEachTerminal: where Chinese letters cannot be shown the bot
// speaks English, whatever the fleet file says, and every letter is one of ASCII.
func TestAChineseFleetOnEachTerminal(t *testing.T) {
	const english, chinese = "There is no verb", "没有动词"
	for env, want := range map[string]string{
		"":                             chinese, // says nothing: most show them
		"LANG=en_US.UTF-8":             chinese, // the fleet's people decide, not the machine
		"LANG=C.UTF-8":                 chinese,
		"LANG=C":                       english,
		"LANG=zh_CN.GB18030":           english,
		"LANG=zh_CN.UTF-8 LC_ALL=C":    english,
		"LANG=zh_CN.UTF-8 LC_CTYPE=C":  english,
		"LANG=C LC_ALL=zh_CN.UTF-8":    chinese,
		"LC_ALL=POSIX LANG=zh_CN.UTF8": english,
	} {
		w := newWorld(t)
		config := w.fleet("cluster: release", "cluster: release\nlang: zh")
		if said := onATerminal(t, env, "run", "--config", config, "--", "reatach", "cn"); !strings.Contains(said, want) || !strings.Contains(said, "reattach") {
			t.Errorf("%q: a person reads\n%s\nwant %q", env, said, want)
		} else if want == english && (strings.Contains(said, "some stand as ?") || strings.IndexFunc(said, func(r rune) bool { return r > unicode.MaxASCII }) >= 0) {
			t.Errorf("%q: letters that this terminal cannot show:\n%s", env, said)
		}
	}
}

// TestAChineseUserWithoutAFleet: what is said before a file was read follows the
// terminal, and is English where its letters could not be shown.
func TestAChineseUserWithoutAFleet(t *testing.T) {
	for env, want := range map[string]string{"LANG=zh_CN.UTF-8": "没有子命令", "LANG=zh_CN.UTF-8 LC_ALL=C": "There is no subcommand", "LANG=zh_CN.GBK": "There is no subcommand"} {
		if said := onATerminal(t, env, "rnu"); !strings.Contains(said, want) {
			t.Errorf("%q: a person reads\n%s\nwant %q", env, said, want)
		}
	}
}

// onATerminal runs the program with its standard error on a terminal, as main does,
// and returns what a person reads there.
func onATerminal(t *testing.T, env string, args ...string) string {
	t.Helper()
	person, screen := pty.Open(t, 200)
	p := &process{args: args, stdin: strings.NewReader(""), getenv: environment(env + " USER=ana MQTT_PASSWORD=hunter2 HOME=" + t.TempDir())}
	p.stdout, p.stderr = terminal.Plainly(io.Discard, screen, p.getenv)
	p.main(t.Context())
	fmt.Fprintln(screen, "END")
	var said strings.Builder
	for read := bufio.NewScanner(person); read.Scan() && strings.TrimSpace(read.Text()) != "END"; {
		said.WriteString(read.Text() + "\n")
	}
	return said.String()
}

func environment(text string) func(string) string {
	set := map[string]string{}
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		set[name] = value
	}
	return func(name string) string { return set[name] }
}
