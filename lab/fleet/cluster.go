package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"vmqbot/lab/world"
)

// cluster joins the hosts' brokers to the first's, one after the other, and
// returns when every node's view has all of them running and it dials every
// other's cluster port: the view alone says nothing of the messages.
func (l *Lab) cluster(ctx context.Context, hosts []world.Host) error {
	var alone sync.Map // names of the regions that are in no cluster yet
	err := each(ctx, hosts[1:], func(ctx context.Context, h world.Host) error {
		members, err := l.members(ctx, h)
		if _, joined := members[hosts[0].Node()]; !joined {
			alone.Store(h.Name, true)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range hosts[1:] {
		if _, is := alone.Load(h.Name); !is {
			continue
		}
		said, err := l.on(ctx, h, append([]string{"docker", "exec", h.Container()}, world.Join(hosts[0])...)...)
		if err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
		// An old vmq-admin says its refusals with exit status 0.
		if !strings.Contains(said, "Done") {
			return fmt.Errorf("%s: join said %q", h.Name, said)
		}
	}
	return each(ctx, hosts, func(ctx context.Context, h world.Host) error {
		what := fmt.Sprintf("it sees %d running nodes and dials the others", len(hosts))
		return until(ctx, 40*time.Second, what, func(ctx context.Context) error {
			members, err := l.members(ctx, h)
			if err != nil {
				return err
			}
			if err := whole(members, hosts); err != nil {
				return err
			}
			table, err := l.sockets(ctx, h)
			if err != nil {
				return err
			}
			return meshed(table, h, hosts)
		})
	})
}

// meshed returns nil when the table has a connection to every peer's cluster port.
func meshed(table string, h world.Host, hosts []world.Host) error {
	for _, peer := range hosts {
		if peer.Name != h.Name && !Dials(table, peer.Address(), clusterPort) {
			return fmt.Errorf("no connection to %s:%d", peer.Address(), clusterPort)
		}
	}
	return nil
}

// members is a node's own view of the cluster: node name to whether it runs.
func (l *Lab) members(ctx context.Context, h world.Host) (map[string]bool, error) {
	said, err := l.on(ctx, h, "docker", "exec", h.Container(), "vmq-admin", "cluster", "show", "--format=json")
	if err != nil {
		return nil, err
	}
	return membersIn(said)
}

func membersIn(said string) (map[string]bool, error) {
	var answer struct {
		Table []struct {
			Node    string
			Running bool
		}
	}
	if err := json.Unmarshal([]byte(said), &answer); err != nil {
		return nil, fmt.Errorf("cluster show said %q: %w", said, err)
	}
	members := map[string]bool{}
	for _, row := range answer.Table {
		members[row.Node] = row.Running
	}
	return members, nil
}

// whole returns nil when the hosts' nodes are there and run, and no node is
// there that no region has.
func whole(members map[string]bool, hosts []world.Host) error {
	for _, h := range hosts {
		if running, there := members[h.Node()]; !there || !running {
			return fmt.Errorf("%s: member %t, running %t", h.Node(), there, running)
		}
	}
	extra := len(members)
	for _, h := range world.Regions() {
		if _, there := members[h.Node()]; there {
			extra--
		}
	}
	if extra > 0 {
		return fmt.Errorf("%d members too many", extra)
	}
	return nil
}
