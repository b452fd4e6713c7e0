package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"vmqbot/bot"
	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/terminal"
)

// doctor is the verb of that name for whoever has nothing but a fleet file yet, and
// after it Slack, where the fleet file names one.
func (p *process) doctor(ctx context.Context, args []string) error {
	fs := p.flags("doctor")
	config := fs.String("config", "fleet.yaml", "")
	asJSON := fs.Bool("json", false, "")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprint(p.stdout, usage)
		return err
	} else if err != nil {
		return ops.Errorf(ops.Invalid, "bot doctor --config fleet.yaml", "doctor: %v.", err)
	}
	line := []string{"--config", *config}
	if *asJSON {
		line = append(line, "--json")
	}
	hosts := p.run(ctx, slices.Concat(line, []string{"--", "doctor"}, fs.Args()))
	if ops.CodeOf(hosts) == ops.Invalid || fs.NArg() > 0 {
		return hosts // a part of the fleet was asked for, or the file is wrong
	}
	found, err := p.slackDoctor(ctx, *config)
	if err == nil {
		err = p.tellSlack(found, *asJSON)
	}
	return worse(hosts, err)
}

// slackDoctor asks Slack what a first day needs. Where the fleet file names no Slack
// there is nothing to ask.
func (p *process) slackDoctor(ctx context.Context, config string) ([]bot.Finding, error) {
	fleet, err := p.loadFleet(config)
	if err != nil || fleet.Slack.Channel == "" && fleet.Slack.Team == "" {
		return nil, err
	}
	o, err := p.slackOptions(fleet)
	if err != nil {
		says, fix := err.Error(), ""
		if e, ok := errors.AsType[*ops.Error](err); ok {
			says, fix = e.Msg, e.Fix
		}
		return []bot.Finding{{About: "token", Verdict: checks.Unknown, Says: "Slack was not asked: " + says, Fix: fix}}, nil
	}
	o.Redactor = func() *secret.Redactor { return fleet.Redactor(tokensOf(o)...) }
	return bot.Examine(ctx, o, fleet), nil
}

// tellSlack prints what was found, and returns what decides the exit status.
func (p *process) tellSlack(found []bot.Finding, asJSON bool) error {
	if asJSON {
		if found != nil {
			return errors.Join(json.NewEncoder(p.stdout).Encode(map[string]any{"slack": found}), slackVerdict(found))
		}
		return nil
	}
	var b strings.Builder
	for i, f := range found {
		if i == 0 {
			b.WriteString("\nSlack:\n")
		}
		word := map[checks.Verdict]string{checks.OK: "fine", checks.Bad: "WRONG"}[f.Verdict]
		if word == "" {
			word = "UNSEEN"
		}
		fmt.Fprintf(&b, "%-7s  %s: %s", word, f.About, strings.TrimSuffix(f.Says, "."))
		if f.Fix != "" {
			b.WriteString(". By hand: " + f.Fix)
		}
		b.WriteByte('\n')
	}
	fmt.Fprint(p.stdout, terminal.Printable(p.tongue.Text(b.String())))
	return slackVerdict(found)
}

func slackVerdict(found []bot.Finding) error {
	verdict := error(nil)
	for _, f := range found {
		switch f.Verdict {
		case checks.Bad:
			return errSilent(ops.Failed.Exit())
		case checks.Unknown:
			verdict = errSilent(ops.Unseen.Exit())
		}
	}
	return verdict
}

// worse is the error that tells more: what is wrong before what was not seen.
func worse(a, b error) error {
	unseen := errSilent(ops.Unseen.Exit())
	if a == nil || errors.Is(a, unseen) && b != nil {
		return b
	}
	return a
}
