package weave

import (
	"regexp"
	"strings"

	"vmqbot/answer"
)

var wrongCommand = regexp.MustCompile(`(?m)^(?:Unknown weave command '(.*)'|Invalid 'weave status' sub-command: (.*))$`)

// usageText reports whether text holds the whole usage page. Its end differs
// among versions and forks; the line about <mode> is the last they share.
func usageText(text string) bool {
	_, rest, ok := strings.Cut("\n"+text, "\nUsage:\n\nweave --help | help\n")
	return ok && strings.Contains(rest, "\nweave launch ") && strings.HasSuffix(text, "\n") &&
		strings.Contains(rest, "| seed=<mac>,... | observer\n")
}

func usage(text string) *answer.Refusal {
	if !usageText(text) {
		return nil
	}
	m := wrongCommand.FindStringSubmatch(text)
	switch {
	case m == nil:
		return answer.Refuse(answer.Usage, "Usage:", "Weave did not understand the command line and did nothing. Compare it with `weave --help`; in attach and detach the address comes first, with its length, and the container last.")
	case m[1] != "":
		return answer.Refuse(answer.Usage, m[0], "Weave has no command %q and did nothing. `weave --help` lists them.", m[1])
	default:
		return answer.Refuse(answer.Usage, m[0], "Weave has no status page %q. Type `weave status`, or one of its pages: targets, connections, peers, dns, ipam.", m[2])
	}
}

// ParseHelp reads the answer to weave --help and to any command with --help.
// It returns nil when the usage page came whole.
func ParseHelp(a answer.Answer) error {
	if _, err := success(a); err != nil {
		return err
	}
	text := unix(a.Stderr + a.Stdout)
	if !usageText(text) {
		return garbled(text, "this is not weave's usage page, or not all of it: ask again")
	}
	return nil
}
