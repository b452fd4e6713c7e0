package weave

import (
	"errors"
	"path"
	"strings"

	"vmqbot/answer"
)

// reader reads one verb's answer and says what it means.
type reader func(answer.Answer) (facts any, meaning string, err error)

// reading joins a parser with the words for what it found.
func reading[T any](parse func(answer.Answer) (T, error), say func(T) string) reader {
	return func(a answer.Answer) (any, string, error) {
		t, err := parse(a)
		if err != nil {
			return nil, "", err
		}
		return t, say(t), nil
	}
}

var readers = map[string]reader{
	"status":             reading(ParseStatus, RouterStatus.meaning),
	"status peers":       reading(ParsePeers, Peers.meaning),
	"status connections": reading(ParseConnections, Connections.meaning),
	"status targets":     reading(ParseTargets, Targets.meaning),
	"status ipam":        reading(ParseIPAM, IPAM.meaning),
	"status dns":         reading(ParseDNS, DNSEntries.meaning),
	"report":             reading(ParseReportAnswer, Report.meaning),
	"attach":             reading(ParseAttach, Attached.attachMeaning),
	"detach":             reading(ParseDetach, Attached.detachMeaning),
	"connect":            reading(ParseConnect, Dialed.connectMeaning),
	"forget":             reading(ParseForget, Dialed.forgetMeaning),
	"launch":             reading(ParseLaunch, Launched.meaning),
	"stop":               reading(ParseStop, Stopped.stopMeaning),
	"reset":              reading(ParseReset, Stopped.resetMeaning),
	"version":            reading(ParseVersion, Versions.meaning),
	"ps":                 explainPS,
	"help":               explainHelp,
}

// Explain says what an answer of weave means and what to do next. The facts
// are the typed answer, or the Details of a refusal. It returns false for
// what is not a whole answer of weave.
func Explain(a answer.Answer) (answer.Meaning, bool) {
	if path.Base(a.Tool()) != "weave" {
		return answer.Meaning{}, false
	}
	v := verb(a)
	m := answer.Meaning{Tool: "weave", Verb: v}
	var err error
	if read, ok := readers[v]; ok {
		m.Facts, m.Meaning, err = read(a)
	} else {
		err = failure(a)
	}
	if err == nil {
		return m, true
	}
	var no *answer.Refusal
	if !errors.As(err, &no) || no.Kind == answer.Garbled {
		return answer.Meaning{}, false
	}
	m.Meaning, m.Facts = no.Reason, DetailsOf(no)
	return m, true
}

// usagePage is weave's usage page, as it printed it.
type usagePage struct {
	Usage string `json:"usage"`
}

func explainHelp(a answer.Answer) (any, string, error) {
	page := usagePage{strings.TrimSpace(unix(a.Stderr + a.Stdout))}
	return page, "This is weave's usage page; nothing was done. The commands of the runbook are `weave status`, `weave status connections`, `weave ps` and `weave attach ADDRESS/LENGTH CONTAINER`.", ParseHelp(a)
}

// explainPS knows the names that were asked for: absence is the news.
func explainPS(a answer.Answer) (any, string, error) {
	l, err := ParsePS(a)
	if err != nil {
		return nil, "", err
	}
	return l, l.meaning(arguments(a)[1:]), nil
}
