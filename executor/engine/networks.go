package engine

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// MinAPI returns the oldest version of its API that the engine still speaks.
// It stands in /version only, which takes the engine some ten milliseconds.
func (e *Engine) MinAPI(ctx context.Context) (string, error) {
	v, err := call(ctx, e, "say the versions of its API", func(ctx context.Context, c *client.Client) (types.Version, error) {
		return c.ServerVersion(ctx)
	})
	return v.MinAPIVersion, err
}

// Networks returns the engine's networks that have an IPv4 subnet, by name.
func (e *Engine) Networks(ctx context.Context) ([]facts.Network, error) {
	list, err := call(ctx, e, "list its networks", func(ctx context.Context, c *client.Client) ([]network.Summary, error) {
		return c.NetworkList(ctx, network.ListOptions{})
	})
	if err != nil {
		return nil, err
	}
	all := []facts.Network{}
	for _, n := range list {
		own := facts.Network{Name: n.Name, Driver: n.Driver}
		for _, c := range n.IPAM.Config {
			if p, err := netip.ParsePrefix(c.Subnet); err == nil && p.Addr().Is4() {
				own.Subnets = append(own.Subnets, p.Masked())
			}
		}
		if len(own.Subnets) > 0 {
			all = append(all, own)
		}
	}
	slices.SortFunc(all, func(a, b facts.Network) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}
