package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"vmqbot/commands"
	"vmqbot/ops"
	"vmqbot/regions"
)

// subcommand is one word after bot, as completion and the manual page know it.
type subcommand struct {
	name, says string
	flags      []option
	words      []string // that may follow
}

// option is one flag of a subcommand.
type option struct {
	name, says string
	value      string // "FILE", "DIR" or another word for what follows; "" for a switch
}

var (
	ofFleet = option{"--config", "the fleet file", "FILE"}
	asJSON  = option{"--json", "for programs", ""}
)

// subcommands are those that people type, in the order of bot help.
var subcommands = []subcommand{
	{"run", "do one verb", []option{ofFleet, {"--dry-run", "show the plan and do nothing", ""}, asJSON, {"--yes", "consent beforehand", ""}, {"--lock-wait", "how long to wait for somebody else's lock", "TIME"}}, nil},
	{"doctor", "everything that a first day needs, one line each", []option{ofFleet, asJSON}, nil},
	{"explain", "what a pasted answer of weave or VerneMQ means", []option{{"--command", "what was typed", "CMD"}, {"--exit", "its exit status", "N"}, {"--stderr", "what it said there", "FILE"}, asJSON}, nil},
	{"healthcheck", "whether this bot could work", []option{ofFleet}, nil},
	{"serve", "the bot in Slack, which watches", []option{ofFleet, {"--listen", "for the pages", "ADDRESS"}, {"--no-watch", "commands only", ""}}, nil},
	{"watch", "watch, print alerts, repair what may be", []option{ofFleet, {"--listen", "for the pages", "ADDRESS"}, {"--idle", "repair nothing", ""}, {"--verbose", "log each look", ""}}, nil},
	{"guard", "on a region's host; the bot types it there", nil, nil},
	{"manifest", "the Slack app, to be pasted there", []option{{"--url", "for signed requests", "URL"}}, nil},
	{"audit", "whether the audit is as it was written", []option{ofFleet}, []string{"verify"}},
	{"sim", "a simulated fleet", []option{{"--dir", "of the fleet", "DIR"}, {"--nodes", "how many", "N"}, {"--pace", "of its machines", "F"}, {"--port", "the first of its ports", "P"}}, nil},
	{"demo", "the whole product on this machine", []option{{"--port", "of the page", "P"}, {"--terminal", "without a page", ""}}, nil},
	{"completion", "completion for a shell", nil, []string{"bash", "zsh", "fish"}},
	{"man", "this manual page, as troff", nil, nil},
	{"version", "what this is", nil, nil},
}

// file asks the shell to complete the name of a file.
const file = ":file"

// complete prints what may come next, a line each: a word, a tab, what it means. It
// is what the shells' completion asks; args are the words after bot, whose last one
// is begun. It reads the fleet file and nothing else, and is silent about whatever is
// wrong with it.
func (p *process) complete(args []string) error {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		args = []string{""}
	}
	for _, c := range p.candidates(args) {
		if _, err := fmt.Fprintf(p.stdout, "%s\t%s\n", c.Word, firstSentence(c.Says)); err != nil {
			return err
		}
	}
	return nil
}

func firstSentence(s string) string {
	s, _, _ = strings.Cut(strings.Join(strings.Fields(s), " "), ". ")
	return s
}

func (p *process) candidates(args []string) []commands.Candidate {
	before, begun := args[:len(args)-1], args[len(args)-1]
	if len(before) == 0 {
		var all []commands.Candidate
		for _, s := range subcommands {
			all = append(all, commands.Candidate{Word: s.name, Says: s.says})
		}
		return beginning(all, begun)
	}
	i := slices.IndexFunc(subcommands, func(s subcommand) bool { return s.name == before[0] })
	if i < 0 {
		return nil
	}
	sub := subcommands[i]
	config, value, verb := sub.read(before[1:])
	switch {
	case value == "FILE" || value == "DIR":
		return []commands.Candidate{{Word: file}}
	case value != "":
		return nil
	case sub.name == "run" && verb >= 0:
		return commands.Complete(args[1+verb:], p.quietFleet(config))
	case sub.name == "run" && begun != "" && !strings.HasPrefix(begun, "-"):
		return commands.Complete([]string{begun}, nil)
	default:
		return beginning(sub.next(before[1:]), begun)
	}
}

// read goes through the words after a subcommand: which fleet file they name, what
// the last one wants as its value, and where a verb begins; -1 for nowhere yet.
func (s subcommand) read(words []string) (config, value string, verb int) {
	config = "fleet.yaml"
	for n, w := range words {
		i := slices.IndexFunc(s.flags, func(o option) bool { return o.name == w })
		switch {
		case value != "":
			if words[n-1] == ofFleet.name {
				config = w
			}
			value = ""
		case i >= 0:
			value = s.flags[i].value
		case w == "--":
			return config, "", n + 1
		case !strings.HasPrefix(w, "-"):
			return config, "", n
		}
	}
	return config, value, -1
}

// next is what was not given yet.
func (s subcommand) next(given []string) []commands.Candidate {
	var all []commands.Candidate
	for _, o := range s.flags {
		if !slices.Contains(given, o.name) {
			all = append(all, commands.Candidate{Word: o.name, Says: o.says})
		}
	}
	for _, w := range s.words {
		if len(given) == 0 {
			all = append(all, commands.Candidate{Word: w, Says: s.says})
		}
	}
	if s.name == "run" {
		all = append(all, commands.Candidate{Word: "--", Says: "the verb follows"})
	}
	return all
}

func beginning(all []commands.Candidate, with string) []commands.Candidate {
	return slices.DeleteFunc(all, func(c commands.Candidate) bool { return !strings.HasPrefix(c.Word, with) })
}

// quietFleet reads a fleet file for the names in it; its secrets need not be there.
// nil when it cannot be read.
func (p *process) quietFleet(path string) *regions.Fleet {
	src, err := os.ReadFile(path) //nolint:gosec // the person who completes names the file
	if err != nil {
		return nil
	}
	f, err := regions.Load(path, src, func(_, ref string) (string, error) { return "not read: " + ref, nil })
	if err != nil {
		return nil
	}
	return f
}

// completion prints what makes a shell complete: a line for its start file.
func (p *process) completion(args []string) error {
	const fix = "bot completion bash|zsh|fish"
	if len(args) != 1 {
		return ops.Errorf(ops.Invalid, fix, "completion wants one shell: bash, zsh or fish.")
	}
	script, ok := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[args[0]]
	if !ok {
		return ops.Errorf(ops.Invalid, fix, "There is completion for bash, zsh and fish, not for %q.", args[0])
	}
	_, err := fmt.Fprint(p.stdout, script)
	return err
}

const bashCompletion = `# bash completion for bot: source <(bot completion bash)
_bot() {
    local cur=${COMP_WORDS[COMP_CWORD]} all line
    COMPREPLY=()
    all=$("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
    [ -n "$all" ] || return
    case $all in
    :file*)
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
        return
        ;;
    esac
    while IFS= read -r line; do COMPREPLY+=("${line%%$'\t'*}"); done <<<"$all"
}
complete -F _bot bot
`

const zshCompletion = `#compdef bot
# zsh completion for bot: source <(bot completion zsh)
_bot() {
    local line word
    local -a all
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        if [[ $word == :file ]]; then
            _files
            return
        fi
        all+=("${word//:/\\:}:${line#*$'\t'}")
    done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    _describe bot all
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u; }
compdef _bot bot
`

const fishCompletion = `# fish completion for bot: bot completion fish | source
function __bot_complete
    set -l words (commandline -opc)
    set -l all ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test "$all[1]" = ":file"\t
        __fish_complete_path (commandline -ct)
        return
    end
    printf '%s\n' $all
end
complete -c bot -f -a '(__bot_complete)'
`
