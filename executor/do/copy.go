package do

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"

	"vmqbot/ops"
	"vmqbot/regions"
)

// mostFile is the largest file that is copied from host to host.
const mostFile = 4 << 20

// Reader is a Host whose files can be read.
type Reader interface {
	ReadFile(ctx context.Context, path string, limit int64) ([]byte, error)
}

// Renewer is a Host whose connection can be made anew.
type Renewer interface {
	// Renew connects again and returns when the host has answered there.
	Renew(ctx context.Context) error
}

func (d *Doer) renew(ctx context.Context, n regions.Node) error {
	r, can := d.host(n).(Renewer)
	if !can {
		return ops.Errorf(ops.Invalid, "", "The connection to %s cannot be made anew from here.", n.Name)
	}
	d.engines.Of(n).Close()
	return sentence(r.Renew(ctx), n)
}

// With names the fleet, of whose hosts files may be copied.
func (d *Doer) With(f *regions.Fleet) *Doer {
	d.fleet = f
	return d
}

// source is the node that something is copied from.
func (d *Doer) source(name string) (regions.Node, error) {
	if d.fleet != nil {
		if n, ok := d.fleet.Node(name); ok {
			return n, nil
		}
	}
	return regions.Node{}, ops.Errorf(ops.Invalid, "status", "The plan names the node %q, which the fleet file does not.", name)
}

func (d *Doer) copyFile(ctx context.Context, n regions.Node, c ops.CopyFile) error {
	content, err := d.read(ctx, c)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != c.SHA256 {
		return ops.Errorf(ops.Refused, "", "%s of %s is not the file that the plan names; nothing was put onto %s.", c.Path, cmp.Or(c.From, "this machine"), n.Host)
	}
	return sentence(d.host(n).WriteFile(ctx, c.To, content, fs.FileMode(c.Mode)), n)
}

func (d *Doer) read(ctx context.Context, c ops.CopyFile) ([]byte, error) {
	if c.From == "" {
		content, err := os.ReadFile(c.Path)
		if err != nil {
			return nil, ops.Errorf(ops.Failed, "", "The file to copy cannot be read: %v.", err)
		}
		return content, nil
	}
	from, err := d.source(c.From)
	if err != nil {
		return nil, err
	}
	r, can := d.host(from).(Reader)
	if !can {
		return nil, ops.Errorf(ops.Invalid, "", "Files of %s cannot be read from here.", from.Name)
	}
	content, err := r.ReadFile(ctx, c.Path, mostFile)
	return content, sentence(err, from)
}
