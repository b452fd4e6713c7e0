package main

import (
	"context"
	"errors"
	"fmt"

	"vmqbot/ops"
)

const auditFix = "bot audit verify --config FILE"

// audit walks the chain of hashes and names the last one: whoever keeps it
// elsewhere can tell later whether lines were cut off the end.
func (p *process) audit(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "verify" {
		return ops.Errorf(ops.Invalid, auditFix, "audit knows the word verify only; the lines themselves are shown by the verb audit.")
	}
	fs := p.flags("audit verify")
	config := fs.String("config", "fleet.yaml", "")
	if err := fs.Parse(args[1:]); err != nil {
		return ops.Errorf(ops.Invalid, auditFix, "audit verify: %v.", err)
	}
	if fs.NArg() > 0 {
		return ops.Errorf(ops.Invalid, auditFix, "audit verify does not know what to do with %q.", fs.Arg(0))
	}
	f, err := p.loadFleet(*config)
	if err != nil {
		return err
	}
	s, err := p.openStore(ctx, f)
	if err != nil {
		return err
	}
	lines, err := s.VerifyChain(ctx)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	_, head, err := s.Head(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%d lines are as they were written; the last hash is %s\n", lines, cmpOr(head, "none"))
	return err
}

func cmpOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
