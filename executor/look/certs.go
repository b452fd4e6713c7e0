package look

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

// join puts what the host, the container and the listeners told together.
func (v view) join(disks facts.Seen[map[string]facts.Disk], certs map[string]facts.Seen[facts.Cert]) {
	d, _ := v.seen.Vitals.Get()
	d.Disks, d.Certs = disks, certs
	if c, ok := v.seen.Container.Get(); ok && !c.Running {
		why := "the container " + c.Name + " on " + v.name + " is " + c.State + "."
		d.Metrics = facts.Missed[vernemq.Metrics](facts.Down, why)
		for at := range d.Hooks {
			d.Hooks[at] = facts.Missed[facts.Dial](facts.Down, why)
		}
	}
	v.seen.Vitals = facts.Saw(d)
}

// certs reads the certificate of every planned TLS listener, over the tunnel:
// nothing of it is trusted, only its dates are read.
func (v view) certs(ctx context.Context) map[string]facts.Seen[facts.Cert] {
	listeners := v.node.TLSListeners()
	if len(listeners) == 0 {
		return nil
	}
	found := make([]facts.Seen[facts.Cert], len(listeners))
	var all sync.WaitGroup
	for i, l := range listeners {
		all.Go(func() { found[i] = v.cert(ctx, l) })
	}
	all.Wait()
	certs := map[string]facts.Seen[facts.Cert]{}
	for i, l := range listeners {
		certs[l.Key] = found[i]
	}
	return certs
}

func (v view) cert(ctx context.Context, l regions.TLSListener) facts.Seen[facts.Cert] {
	c, ok := v.seen.Container.Get()
	switch {
	case !ok:
		return facts.Missed[facts.Cert](v.seen.Container.Blind(), v.seen.Container.Why())
	case !c.Running:
		return facts.Missed[facts.Cert](facts.Down, "the container "+c.Name+" on "+v.name+" is "+c.State+".")
	case !c.IP.IsValid() || !l.At.Addr().IsUnspecified() && l.At.Addr() != c.IP:
		return facts.Missed[facts.Cert](facts.Absent, l.Key+" listens on "+l.At.String()+", where the host cannot call it.")
	}
	at := netip.AddrPortFrom(c.IP, l.At.Port()).String()
	conn, err := v.host.Dial(ctx, "tcp", at)
	if err != nil {
		return missed[facts.Cert](err)
	}
	defer conn.Close() //nolint:errcheck // nothing was written that matters
	return handshake(ctx, conn, l.Key+" at port "+strconv.Itoa(int(l.At.Port()))+" on "+v.name)
}

// handshake goes as far as the certificate. A listener that then wants one of
// ours ends it, which is no matter.
func handshake(ctx context.Context, conn net.Conn, who string) facts.Seen[facts.Cert] {
	var seen facts.Seen[facts.Cert]
	err := tls.Client(conn, &tls.Config{
		InsecureSkipVerify: true, //nolint:gosec // it is read, not trusted: clients judge it
		MinVersion:         tls.VersionTLS10,
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errors.New("no certificate was shown")
			}
			c := s.PeerCertificates[0]
			seen = facts.Saw(facts.Cert{Subject: c.Subject.String(), Begins: c.NotBefore.UTC(), Ends: c.NotAfter.UTC()})
			return nil
		},
	}).HandshakeContext(ctx)
	if err != nil && !seen.OK() {
		return facts.Missed[facts.Cert](facts.Failed, who+" shows no certificate: "+err.Error())
	}
	return seen
}
