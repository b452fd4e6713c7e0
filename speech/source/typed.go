package source

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// aWord is what a line that is typed consists of beside its first word: holes,
	// options, words in capitals that stand for others, and paths.
	aWord = regexp.MustCompile(`^(?:%(?:\[\d+\])?[sdq]|--?[a-zA-Z-]+|\[?[A-Z][A-Z._-]*\]?(?:\.\.\.)?|<|[\w.~/-]*/[\w./~:-]*|\S+\.(?:yaml|txtar)|\d+|(?:cn|sg|us|eu)(?:-\d)?|--|--?[a-z_]+(?:=\S+)?|VerneMQ@\S+|[a-f0-9]{6,12})$`)

	// aPattern holds what only a regular expression or a shell script does.
	aPattern = regexp.MustCompile(`\(\?|\\[SsdwbnE.(]|\[\^|\.\*|\.\+|\S\{\d+,|>/dev/null|[2>]&[12]|\$\(|if \[|\[ -[a-z] |^set -e |^case \$`)

	// aQuery begins as SQL does.
	aQuery = regexp.MustCompile(`^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WHERE|ORDER|AND|OR|SET|VALUES|FROM|ON CONFLICT|PRAGMA|BEGIN) `)
)

// machine reports a form that is a line to type (a verb of the bot or a program with
// its arguments), a pattern or a query: nobody translates those.
func machine(form string) bool {
	return aPattern.MatchString(form) || aQuery.MatchString(form) || typed(form)
}

// typed reports whether each word of a form is one of a command line.
func typed(form string) bool {
	words := strings.Fields(strings.TrimPrefix(form, "$ "))
	if len(words) == 0 || !slices.Contains(First, words[0]) {
		return false
	}
	if words[0] == "bot" && len(words) > 1 && slices.Contains(subcommands, words[1]) {
		return true
	}
	for _, w := range words[1:] {
		if !aWord.MatchString(w) && !slices.Contains(second, w) {
			return false
		}
	}
	return true
}

// First are the words that a line to type begins with: those of the bot's verbs,
// which TestVerbs holds against the registry, and programs of hosts.
var First = strings.Fields(`ack admin alerts audit autoheal cancel cluster conf deploy detach diagnose doctor evict guard help history image join
leave listeners logs maintenance mesh metrics network oncall peers ping prepare ps reattach replace restart rollback rollbacks schedule sessions
silence start status stop unack unsilence webhooks demo
bot run docker vmq-admin vernemq weave ssh systemctl nodetool`)

// subcommands are those of the program.
var subcommands = strings.Fields("run doctor explain healthcheck serve watch guard manifest audit sim demo completion complete man version help")

// second are further words of such lines.
var second = strings.Fields(`all add diff push show install remove status list prune ship connect forget up off on verify cluster session set node
listener plugin retain version launch report exec create rename rm update tag rmi run serve sim break mend dns-add stop start peers connections targets dns ps ipam`)
