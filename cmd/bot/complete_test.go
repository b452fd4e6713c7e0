package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shells put a line before the cursor, have the shell complete it, and print what it
// offers, a word a line. BOT is the program.
var shells = map[string]func(dir string, words []string) *exec.Cmd{
	"bash": func(dir string, words []string) *exec.Cmd {
		script := `source <("$1" completion bash); shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _bot; printf '%s\n' "${COMPREPLY[@]}"`
		return exec.Command("bash", append([]string{"-c", script, "bash", filepath.Join(dir, "bot"), filepath.Join(dir, "bot")}, words...)...)
	},
	"fish": func(dir string, words []string) *exec.Cmd {
		script := `source (` + filepath.Join(dir, "bot") + ` completion fish | psub); complete -C "bot ` + strings.Join(words, " ") + `" | string replace -r '\t.*' ''; true`
		return exec.Command("fish", "--no-config", "-c", script)
	},
	"zsh": func(dir string, words []string) *exec.Cmd {
		script := `autoload() { : }; compinit() { : }; compdef() { : }; _files() { print -l -- *(N) }; _describe() { local -a found=("${(@P)2}"); print -l -- "${found[@]%%:*}" }
source <("$1" completion zsh); shift; words=("$@"); CURRENT=$#; _bot`
		return exec.Command("zsh", append([]string{"-f", "-c", script, "zsh", filepath.Join(dir, "bot"), filepath.Join(dir, "bot")}, words...)...)
	},
}

// TestShellsComplete: in real shells, with the whole program. zsh's own helpers are
// stood in for; what they are called with is what it offers.
func TestShellsComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if out, err := exec.Command("go", "build", "-o", filepath.Join(w.dir, "bot"), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v %s", err, out)
	}
	for name, shell := range shells {
		for line, want := range map[string]string{
			"ser":                                   "serve",
			"completion ":                           "bash zsh fish",
			"run --config fleet.yaml -- rea":        "reattach",
			"run --config fleet.yaml -- reattach ":  "all cn cn-1 sg sg-1",
			"run --config fleet.yaml reattach c":    "cn cn-1",
			"run --config fleet.yaml -- conf p":     "push",
			"run --config fl":                       "fleet.yaml",
			"run --config no.yaml -- reattach --dr": "--drop-clients",
		} {
			words := strings.Split(line, " ")
			cmd := shell(w.dir, words)
			cmd.Dir, cmd.Env = w.dir, append(os.Environ(), "HOME="+w.dir, "PATH="+w.dir+":"+os.Getenv("PATH"))
			out, err := cmd.CombinedOutput()
			got := strings.Fields(string(out))
			if name == "zsh" && want == "fleet.yaml" { // the stand-in lists all files
				got = slices.DeleteFunc(got, func(s string) bool { return s != want })
			}
			slices.Sort(got) // each shell has an order of its own
			if err != nil || strings.Join(got, " ") != sorted(want) {
				t.Errorf("%s, %q: %q, want %q (%v)", name, line, got, want, err)
			}
		}
	}
}

func sorted(words string) string {
	all := strings.Fields(words)
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestSubcommandsAreAllKnown: what bot help names is what completion and the manual
// page know, and each is served.
func TestSubcommandsAreAllKnown(t *testing.T) {
	w := newWorld(t)
	for line := range strings.Lines(usage) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "bot" || words[1] == "runs" {
			continue
		}
		if !slices.ContainsFunc(subcommands, func(s subcommand) bool { return s.name == words[1] }) {
			t.Errorf("bot help names %s, which completion does not know", words[1])
		}
	}
	for _, s := range subcommands {
		if !strings.Contains(usage, "  bot "+s.name) {
			t.Errorf("bot help does not name %s", s.name)
		}
		got := w.bot(s.name, "--no-such-option")
		if strings.Contains(got.stderr, "There is no subcommand") {
			t.Errorf("%s is not served", s.name)
		}
		for _, o := range s.flags {
			if !strings.Contains(usage, o.name) && o.name != "--lock-wait" {
				t.Errorf("bot help does not name %s of %s", o.name, s.name)
			}
		}
	}
	w.wants(w.bot("completion"), 2, "", "completion wants one shell")
	w.wants(w.bot("completion", "tcsh"), 2, "", `not for "tcsh"`)
}

var overstruck = regexp.MustCompile(".\x08")

// TestTheManualPage is one that mandoc has nothing to say about, and names every verb.
func TestTheManualPage(t *testing.T) {
	w := newWorld(t)
	page := w.bot("man").stdout
	lint := exec.Command("mandoc", "-T", "lint", "-W", "warning")
	lint.Stdin = strings.NewReader(page)
	if out, err := lint.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
	show := exec.Command("mandoc", "-T", "utf8")
	show.Stdin = strings.NewReader(page)
	out, err := show.Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(overstruck.ReplaceAllString(string(out), "")), " ")
	for _, part := range []string{"bot - run VerneMQ clusters", "reattach TARGET", "conf push", "0 done, or looked and all is well"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %s:\n%.2000s", part, out)
		}
	}
	fmt.Fprintln(t.Output(), strings.Count(string(out), "\n"), "lines")
	w.wants(w.bot("man", "x"), 2, "", "man takes no words after it")
}
