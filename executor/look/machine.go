package look

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/secret"
	"vmqbot/weave"
)

// machineScript reads what a first day needs to know of a host. It is constant;
// the planned folders are its arguments.
const machineScript = `LC_ALL=C
export LC_ALL
cat /etc/machine-id 2>/dev/null
echo "@0 id 0"
echo "$SSH_CONNECTION"
echo "@0 client 0"
cat /proc/net/route 2>&1
echo "@0 routes $?"
cat /proc/net/fib_trie 2>&1
echo "@0 addresses $?"
for d do
[ -d "$d" ] || printf '%s\n' "$d"
done
echo "@0 missing 0"
echo "@0 end 0"
`

// machineOf reads the host and asks its engine, at the same time. What Docker
// does not say leaves the rest.
func (v view) machineOf(ctx context.Context) facts.Seen[facts.Machine] {
	var (
		all     sync.WaitGroup
		a       answer.Answer
		err     error
		minAPI  facts.Seen[string]
		network facts.Seen[[]facts.Network]
		router  facts.Seen[[]string]
		death   facts.Seen[weave.Death]
		folders []string
	)
	for _, f := range []string{v.node.Volumes.Conf, v.node.Volumes.Log, v.node.Volumes.Data} {
		if f != "" && !slices.Contains(folders, f) {
			folders = append(folders, f)
		}
	}
	all.Go(func() { minAPI = saw(v.docker.MinAPI(ctx)) })
	all.Go(func() { network = saw(v.docker.Networks(ctx)) })
	all.Go(func() { router = v.launched(ctx) })
	all.Go(func() { death = v.death(ctx) })
	all.Go(func() {
		a, err = v.host.Run(ctx, secret.Words(append([]string{"sh", "-c", machineScript, "vmqbot-machine"}, folders...)...), nil)
	})
	all.Wait()
	if err != nil {
		return missed[facts.Machine](err)
	}
	m, err := v.parseMachine(a)
	if err != nil {
		return missed[facts.Machine](err)
	}
	m.MinAPI, m.Networks, m.Router, m.Death = minAPI, network, router, death
	return facts.Saw(m)
}

// launched is what the overlay's router was launched with. Its environment, which
// may hold the password, is not kept.
func (v view) launched(ctx context.Context) facts.Seen[[]string] {
	c, err := v.docker.Container(ctx, weave.Container)
	if err != nil {
		return missed[[]string](err)
	}
	return facts.Saw(c.Cmd)
}

// routerLog is how many lines of the router's log are read: one that ends again and
// again writes some thirty each time.
const routerLog = 200

// death is why the router's log says that it ended. Only that line is kept.
func (v view) death(ctx context.Context) facts.Seen[weave.Death] {
	lines, err := v.docker.Logs(ctx, weave.Container, routerLog)
	if err != nil {
		return missed[weave.Death](err)
	}
	return facts.Saw(weave.ReadDeath(lines))
}

func (v view) parseMachine(a answer.Answer) (m facts.Machine, err error) {
	said, whole := parts(a.Stdout)
	garbled := func(what string) error {
		return &blindness{facts.Unreadable, fmt.Sprintf("what %s says of itself is not understood (%s).", v.name, strings.TrimSpace(what))}
	}
	if !whole {
		return m, garbled(firstLine(a))
	}
	m.ID = strings.TrimSpace(said["0 id"].text)
	if from := strings.Fields(said["0 client"].text); len(from) == 4 {
		m.Client, _ = netip.ParseAddr(from[0]) // another form is as good as none
	}
	if said["0 routes"].status != 0 || said["0 addresses"].status != 0 {
		return m, garbled(said["0 routes"].text + said["0 addresses"].text)
	}
	if m.Routes, err = facts.ParseRoutes(said["0 routes"].text); err != nil {
		return m, garbled(err.Error())
	}
	if m.Addresses, err = facts.ParseFibTrie(said["0 addresses"].text); err != nil {
		return m, garbled(err.Error())
	}
	m.Missing = slices.DeleteFunc(strings.Split(said["0 missing"].text, "\n"), func(s string) bool { return s == "" })
	return m, nil
}
