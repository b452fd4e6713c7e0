package vernemq

import (
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
)

// A trouble is an answer that any command can give instead of its own. The
// sentence may use the groups of the pattern, as $1 or ${container}; it never
// begins with one, because a name is not to be capitalized.
type trouble struct {
	text *regexp.Regexp
	kind answer.Kind
	say  string
}

// troubles are all of them.
var troubles = slices.Concat(brokerTroubles, aroundTroubles)

func is(pattern string, k answer.Kind, say string) trouble {
	return trouble{regexp.MustCompile(`\A(?:` + pattern + `)\z`), k, say}
}

var rpcFailed = regexp.MustCompile(`(?s)\ARPC to '?([^'\s]+)'? failed: (.+)\z`)

// troubleOf recognizes an answer that is a trouble, and refuses a success
// with unknown words on standard error; it returns nil for everything else.
func troubleOf(a answer.Answer) *answer.Refusal {
	if littered(a.Stdout) || littered(a.Stderr) {
		return garbled(a, a.Stdout)
	}
	out, errs := bare(a.Stdout), bare(a.Stderr)
	texts := []string{out, errs}
	if out != "" && errs != "" { // what both say together tells most
		texts = []string{out + "\n" + errs, out, errs}
	}
	for _, text := range texts {
		if r := troubleIn(text); r != nil {
			return asAsked(a, r)
		}
	}
	if usage.MatchString(out) && !wantsHelp(a.Argv) {
		return answer.Refuse(answer.Usage, firstLine(out),
			"VerneMQ did not understand the command and printed the usage of the nearest one that it knows: nothing was done. A group of commands that is missing belongs to a plugin that is off on this node (webhooks: `vmq-admin plugin enable --name vmq_webhooks`).")
	}
	if a.Exit == 0 && errs != "" {
		return answer.Refuse(answer.Garbled, errs,
			"`%s` ended with exit status 0 and said on its standard error what is not known to be harmless: run it again, and read the error.log of the node if it says so again", verbOf(a))
	}
	return nil
}

// troubleIn recognizes a trouble by its whole text.
func troubleIn(text string) *answer.Refusal {
	const longest = 2048 // a long answer is the command's own
	for _, t := range troubles {
		if len(text) > longest {
			break
		}
		if m := t.text.FindStringSubmatchIndex(text); m != nil {
			say := t.text.ExpandString(nil, t.say, text, m)
			return answer.Refuse(t.kind, text, "%s", strings.TrimSpace(string(say)))
		}
	}
	if m := rpcFailed.FindStringSubmatch(text); m != nil && wholeReason(m[2]) {
		return rpcTrouble(m[1], m[2], text)
	}
	return nil
}

// wholeReason reports that the reason of a failed call was not cut short: of
// single words only the known ones can tell.
func wholeReason(term string) bool {
	return term == "nodedown" || strings.HasPrefix(term, "{") && balanced(term)
}

func rpcTrouble(node, term, raw string) *answer.Refusal {
	switch {
	case strings.Contains(term, "badarg") && strings.Contains(term, "ets"):
		return answer.Refuse(NotReady, raw,
			"the broker process of %s runs, but the tables of the broker are not there: it is starting, stopping, or stopped by `vmq-admin node stop`. Ask again in 5 to 10 seconds; if it stays so, `vmq-admin node start`.", node)
	case strings.Contains(term, "nodedown"):
		return answer.Refuse(RPCFailed, raw,
			"the node %s asked another that went down or was cut off meanwhile, and gave up: nothing is known. Look with `diagnose`.", node)
	}
	return answer.Refuse(RPCFailed, raw, "the call into %s crashed; the reason is in the answer and in its error.log.", node)
}

// asAsked refuses a complaint about a setting that the command did not name:
// its name was cut short.
func asAsked(a answer.Answer, r *answer.Refusal) *answer.Refusal {
	if r.Kind != UnknownSetting {
		return r
	}
	for key := range strings.FieldsSeq(r.Raw[strings.LastIndex(r.Raw, ": ")+2:]) {
		key = strings.Trim(key, ",[]\"'")
		if !slices.ContainsFunc(a.Argv, func(w string) bool { return w == key || strings.HasPrefix(w, key+"=") }) {
			return garbled(a, r.Raw)
		}
	}
	return r
}

// usage matches what both tools print for a command that they do not know.
var usage = regexp.MustCompile(`\AUsage: (?:vmq-admin|vernemq|nodetool)(?:\s|\z)`)

func wantsHelp(argv []string) bool {
	for _, w := range argv {
		if w == "--help" || w == "-h" || w == "help" {
			return true
		}
	}
	return false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
