package tools

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"io"

	"vmqbot/sim/kernel"
)

// tarball lists an archive (-t) or prints what its files hold (-xO). It packs
// and unpacks nothing.
func tarball(p *kernel.Process) int {
	o, ok := parse(p, "txOf:")
	if !ok {
		return 64
	}
	if !o.has("t") && (!o.has("x") || !o.has("O")) {
		complain(p, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
		p.Errorf("Try '%s --help' or '%s --usage' for more information.\n", self(p), self(p))
		return 2
	}
	err := each(p, o.get("f", "-"), func(_ string, r io.Reader) error {
		found := false
		for in := tar.NewReader(r); ; found = true {
			h, err := in.Next()
			if errors.Is(err, io.EOF) && found {
				return nil
			}
			if err != nil {
				return err
			}
			if o.has("t") {
				p.Printf("%s\n", h.Name)
				continue
			}
			if _, err := io.Copy(p.Stdout(), in); err != nil {
				return err
			}
		}
	})
	switch {
	case err == nil:
		return 0
	case errors.Is(err, tar.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		complain(p, "This does not look like a tar archive")
		complain(p, "Exiting with failure status due to previous errors")
	default:
		complain(p, "%s: Cannot open: %s", o.get("f", "-"), kernel.Reason(err))
		complain(p, "Error is not recoverable: exiting now")
	}
	return 2
}

func sha256sum(p *kernel.Process) int {
	o, ok := parse(p, "bt")
	if !ok {
		return 1
	}
	return input(p, o.args, func(name string, r io.Reader) error {
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil {
			return err
		}
		p.Printf("%x  %s\n", sum.Sum(nil), name)
		return nil
	})
}
