package do

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vmqbot/executor/stock"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// configOf prints an image's configuration, which the engine's API does not tell
// as it is. Its arguments are the id and its digits; tar complains of the one of
// the two names that is not in the archive.
const configOf = `docker save "$0" | tar -xOf - "$1.json" "blobs/sha256/$1" 2>/dev/null`

// settle gives an image that was just built the configuration that every such
// build has, and its name. The layers stay on the host.
func (d *Doer) settle(ctx context.Context, n regions.Node, s ops.SettleImage, line func(string)) error {
	eng := d.engines.Of(n)
	built, err := eng.Image(ctx, s.Built)
	if err != nil {
		return sentence(err, n)
	}
	argv := secret.Words("sh", "-c", configOf, built.ID, strings.TrimPrefix(built.ID, "sha256:"))
	if n.SSH.Sudo {
		argv = append(secret.Words("sudo", "-n"), argv...)
	}
	got, err := d.host(n).Run(ctx, argv, nil)
	if err != nil {
		return sentence(err, n)
	}
	config := []byte(got.Stdout)
	if i, err := stock.Of(config); err != nil || i.ID != built.ID {
		return ops.Errorf(ops.Failed, "image list "+n.Name, "What docker save says of %s on %s is not its configuration (%s).", ops.ShortID(built.ID), n.Host, strings.TrimSpace(got.Stderr))
	}
	config, err = stock.Settled(config, time.Unix(s.Epoch, 0))
	if err != nil {
		return err
	}
	image, err := stock.Of(config)
	if err != nil {
		return err
	}
	a, err := stock.In("").Archive(image, len(image.Layers))
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // it holds no file
	if err := eng.Load(ctx, io.NewSectionReader(a, 0, a.Size)); err != nil {
		return sentence(err, n)
	}
	if now, err := eng.Image(ctx, image.ID); err != nil || now.ID != image.ID {
		return errors.Join(ops.Errorf(ops.Failed, "image list "+n.Name, "The engine of %s did not take the settled image.", n.Host), err)
	}
	if err := eng.Tag(ctx, image.ID, s.Ref); err != nil {
		return sentence(err, n)
	}
	line(fmt.Sprintf("%s is %s", s.Ref, image.ID))
	return sentence(eng.RemoveImage(ctx, s.Built), n)
}
