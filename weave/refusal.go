package weave

import (
	"regexp"
	"strings"

	"vmqbot/answer"
)

// known is one way in which weave says no.
type known struct {
	kind   answer.Kind
	re     *regexp.Regexp
	reason string // "$name" stands for a group of re
}

// no compiles a row. The pattern is whole lines; one that ends in variable
// text must end in "\n", so that a cut name is not taken for a whole one.
func no(kind answer.Kind, pattern, reason string) known {
	if !strings.HasSuffix(pattern, `\n`) {
		pattern += `$`
	}
	return known{kind, regexp.MustCompile(`(?m)^` + pattern), reason}
}

// refusal finds why a command failed, or nil. Both streams are read, because
// a pasted terminal has them in one.
func refusal(a answer.Answer) *answer.Refusal {
	if a.Exit == 0 {
		return nil
	}
	streams := []string{unix(a.Stderr), unix(a.Stdout)}
	for _, text := range streams {
		if r := usage(text); r != nil {
			return r
		}
	}
	for _, k := range refusals {
		for _, text := range streams {
			if m := k.re.FindStringSubmatchIndex(text); m != nil {
				raw := text[m[0]:m[1]]
				reason := k.re.ExpandString(nil, k.reason, text, m)
				return answer.Refuse(k.kind, strings.TrimSpace(raw), "%s", reason)
			}
		}
	}
	return quiet(a, a.Stderr+"\n"+a.Stdout)
}

// quiet knows the refusals whose words depend on the command.
func quiet(a answer.Answer, text string) *answer.Refusal {
	said := strings.TrimSpace(text)
	switch v := verb(a); {
	case said == linkNotFound && v == "ps":
		return answer.Refuse(NotRunning, said, "There is no weave bridge on this host: weave was never launched here, or was reset. Type `weave launch PEER...` with every other host as peer, then `weave attach` for each container.")
	case said == linkNotFound && (v == "detach" || v == "attach"):
		return answer.Refuse(NotAttached, said, "The container has no weave interface, so there is nothing to take off. `weave ps` lists the containers that have one; `weave attach ADDRESS/LENGTH CONTAINER` gives one.")
	case said == "" && v == "detach" && a.Exit == 4:
		return answer.Refuse(NotAttached, said, "Weave itself has given this container no address, so there is nothing to take off. Name the address: `weave detach ADDRESS/LENGTH CONTAINER`.")
	}
	return nil
}

const linkNotFound = "Link not found"
