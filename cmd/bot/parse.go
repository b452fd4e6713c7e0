package main

import (
	"errors"
	"flag"
	"fmt"

	"vmqbot/ops"
)

// parse reads the flags of a command that takes no words beside them. help is
// true when it was asked for, and printed; fix is what to type instead of what
// cannot be read.
func (p *process) parse(fs *flag.FlagSet, args []string, fix string) (help bool, err error) {
	err = fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = fmt.Fprint(p.stdout, usage)
		return true, err
	case err != nil:
		return false, ops.Errorf(ops.Invalid, fix, "%s: %v.", fs.Name(), err)
	case fs.NArg() > 0:
		return false, ops.Errorf(ops.Invalid, fix, "%s does not know what to do with %q.", fs.Name(), fs.Arg(0))
	}
	return false, nil
}
