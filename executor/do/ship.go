package do

import (
	"context"

	"vmqbot/executor/self"
	"vmqbot/ops"
	"vmqbot/regions"
)

// ship puts this program onto a host. The plan named it by its digest: a program
// that was replaced on the disk meanwhile is not what somebody agreed to.
func (d *Doer) ship(ctx context.Context, n regions.Node, s ops.ShipSelf) error {
	p, err := self.Read()
	if err != nil {
		return err
	}
	if p.SHA256 != s.SHA256 {
		return ops.Errorf(ops.Refused, "", "This bot's program is not the one that the plan names; nothing was put onto %s.", n.Host)
	}
	return d.host(n).WriteFile(ctx, s.Path, p.Content, 0o755)
}
