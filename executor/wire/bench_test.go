package wire_test

import (
	"strconv"
	"sync"
	"testing"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/regions"
	"vmqbot/secret"
)

// aHundred are a hundred addresses of one sshd, each a host of its own.
func aHundred(b *testing.B) []regions.Node {
	b.Helper()
	s := sshdtest.Start(b, sshdtest.Config{Listen: "0.0.0.0", Lines: []string{"MaxStartups 200", "LogLevel ERROR"}})
	nodes := make([]regions.Node, 100)
	var known string
	for i := range nodes {
		nodes[i] = s.Node()
		nodes[i].Host = "127.0.1." + strconv.Itoa(i+1)
		known += sshdtest.KnownHost(nodes[i].Host, s.Port, s.HostKey.PublicKey())
	}
	path := file(b, known)
	for i := range nodes {
		nodes[i].SSH.KnownHosts = path
	}
	return nodes
}

func everywhere(b *testing.B, p *wire.Pool, nodes []regions.Node) {
	b.Helper()
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() {
			a, err := p.Host(n).Run(within(b, patience), secret.Words("true"), wire.RunOptions{})
			if err != nil || a.Exit != 0 {
				b.Errorf("exit %d, error %v", a.Exit, err)
			}
		})
	}
	all.Wait()
}

// curve25519 is what OpenSSH 9.2 and this library agree on; it is forced so
// that a comparison with ssh is one at equal key exchange.
var curve25519 = wire.Options{KeyExchanges: []string{"curve25519-sha256"}}

func BenchmarkTrueOnAHundredHostsCold(b *testing.B) {
	nodes := aHundred(b)
	for b.Loop() {
		p := wire.New(curve25519)
		everywhere(b, p, nodes)
		closeWithin(b, p, patience)
	}
}

// BenchmarkTrueOnAHundredHostsWarm is a round after a pause, as a person's or
// a sweep's: each connection has its spare. The pause is not measured.
func BenchmarkTrueOnAHundredHostsWarm(b *testing.B) {
	nodes := aHundred(b)
	p := newPool(b, curve25519)
	everywhere(b, p, nodes)
	for b.Loop() {
		b.StopTimer()
		for _, n := range nodes {
			withSpare(b, p.Host(n))
		}
		b.StartTimer()
		everywhere(b, p, nodes)
	}
}

// BenchmarkTrueOnAHundredHostsAgainAndAgain has no pause between the rounds.
func BenchmarkTrueOnAHundredHostsAgainAndAgain(b *testing.B) {
	nodes := aHundred(b)
	p := newPool(b, curve25519)
	everywhere(b, p, nodes)
	for b.Loop() {
		everywhere(b, p, nodes)
	}
}

func BenchmarkPing(b *testing.B) {
	s := sshdtest.Start(b, sshdtest.Config{})
	h := newPool(b, wire.Options{}).Host(s.Node())
	for b.Loop() {
		if _, _, err := h.Ping(within(b, patience)); err != nil {
			b.Fatal(err)
		}
	}
}
