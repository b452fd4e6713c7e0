package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/control"
	"vmqbot/ops"
	"vmqbot/terminal"
)

// report prints the result on standard output and returns what decides the
// exit status.
func (p *process) report(f runFlags, res control.Result, err error) error {
	if f.json {
		if jsonErr := p.reportJSON(res, err); jsonErr != nil {
			return jsonErr
		}
		if err != nil {
			return errSilent(ops.CodeOf(err).Exit())
		}
		return verdict(res)
	}
	if res.Op != nil { // also when it went wrong: what it cost is known
		for _, r := range res.Op.Remarks {
			fmt.Fprintln(p.stdout, terminal.Printable(p.tongue.Text(r)))
		}
	}
	switch {
	case res.View != nil:
		text := res.View.Text
		if !res.View.Raw {
			text = p.tongue.Text(text)
		}
		fmt.Fprint(p.stdout, terminal.Printable(text))
		if res.View.Verdict != checks.OK && strings.Contains(res.View.Text, "type") {
			fmt.Fprint(p.stderr, p.tongue.Text(fmt.Sprintf("What is to be typed is typed after: bot run --config %s -- \n", f.config)))
		}
	case res.Plan == nil || err != nil:
	case f.dryRun:
		fmt.Fprint(p.stdout, p.tongue.Text(fmt.Sprintf("%s    plan %.8s; nothing was done\n", res.Plan, res.Plan.Hash())))
	case res.Op != nil:
		took := res.Op.Ended.Sub(res.Op.Created).Round(100 * time.Millisecond)
		fmt.Fprint(p.stdout, p.tongue.Text(fmt.Sprintf("%s: %s in %s (operation %s)\n", res.Plan.Title, res.Op.State, took, res.Op.ID)))
	default:
		fmt.Fprint(p.stdout, p.tongue.Text(res.Plan.String()))
	}
	if err != nil {
		return err
	}
	return verdict(res)
}

// verdict turns what a view found into an exit status.
func verdict(res control.Result) error {
	if res.View == nil {
		return nil
	}
	switch res.View.Verdict {
	case checks.Bad:
		return errSilent(ops.Failed.Exit())
	case checks.Unknown:
		return errSilent(ops.Unseen.Exit())
	default:
		return nil
	}
}

// jsonResult is the one line that --json prints.
type jsonResult struct {
	control.Result
	Error *jsonError `json:"error,omitempty"`
}

type jsonError struct {
	Code ops.Code `json:"code"`
	Msg  string   `json:"message"`
	Fix  string   `json:"type_next,omitempty"`
}

func (p *process) reportJSON(res control.Result, err error) error {
	out := jsonResult{Result: res}
	if err != nil {
		out.Error = &jsonError{Code: ops.CodeOf(err), Msg: err.Error()}
		var e *ops.Error
		if errors.As(err, &e) {
			out.Error.Msg, out.Error.Fix = e.Msg, e.Fix
		}
	}
	return json.NewEncoder(p.redactor.Writer(p.stdout)).Encode(out)
}
