package network

import (
	"cmp"
	"strconv"

	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/weave"
)

// Weave is Weave Net.
type Weave struct{}

var _ Driver = Weave{}

// The variables by which the script is told the size of packets, and to keep off
// the kernel's datapath.
const (
	mtuEnv      = "WEAVE_MTU"
	noFastDPEnv = "WEAVE_NO_FASTDP"
)

// Name is "weave".
func (Weave) Name() string { return "weave" }

// Up launches the router. All hosts are named, so that one that is away isolates
// no other; weave's DNS is off, because it keeps the address of docker0 in the
// router's arguments and the router dies for ever when that address changes.
func (Weave) Up(f *regions.Fleet, n regions.Node, was []string) (ops.Run, error) {
	last := weave.ReadLaunch(was)
	o := last.LaunchOptions
	o.NoDNS, o.IPAllocRange = true, f.Network.Range
	for _, p := range f.OtherHosts(n) {
		o.Peers = append(o.Peers, p.Peer)
	}
	run, err := said(weave.Launch(o))
	if p := f.Network.Password; !p.IsZero() {
		run.Env = append(run.Env, ops.Var{Name: weave.PasswordEnv, Value: secret.Hidden(p.Reveal())})
	}
	if last.NoFastDP {
		run.Env = append(run.Env, ops.Var{Name: noFastDPEnv, Value: secret.Plain("1")})
	}
	if mtu := cmp.Or(f.Network.MTU, last.MTU); mtu > 0 {
		run.Env = append(run.Env, ops.Var{Name: mtuEnv, Value: secret.Plain(strconv.Itoa(mtu))})
	}
	return run, err
}

// Down stops the router.
func (Weave) Down() ops.Run { return ops.Run{Argv: secret.Words(weave.Stop()...)} }

// Connect adds peers to dial.
func (Weave) Connect(peers ...string) (ops.Run, error) { return said(weave.Connect(peers...)) }

// Forget takes peers from those to dial.
func (Weave) Forget(peers ...string) (ops.Run, error) { return said(weave.Forget(peers...)) }

// Attach gives the container its address.
func (Weave) Attach(n regions.Node) (ops.Run, error) {
	return said(weave.Attach(n.Address, n.Container))
}

// Detach takes the address away.
func (Weave) Detach(n regions.Node) (ops.Run, error) {
	return said(weave.Detach(n.Address, n.Container))
}

// said takes a builder's words, or says why they do not go.
func said(argv []string, err error) (ops.Run, error) {
	if err != nil {
		return ops.Run{}, ops.Errorf(ops.Refused, "", "What the fleet file says cannot be told to weave: %v.", err)
	}
	return ops.Run{Argv: secret.Words(argv...)}, nil
}
