package lease

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/wire"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// Hosts gives the connection to a node's host; *wire.Pool does.
type Hosts interface {
	Host(n regions.Node) *wire.Host
}

// Host runs a command on a host; *wire.Host does.
type Host interface {
	Run(ctx context.Context, argv []secret.Word, o wire.RunOptions) (answer.Answer, error)
}

// Leases grants leases on hosts. It implements ops.HostLeases. Since and
// Expires of its leases are told by the host's clock, in whole seconds: use
// TTL to decide when to renew.
type Leases struct{ host func(regions.Node) Host }

var _ ops.HostLeases = (*Leases)(nil)

// New makes the leases that are kept over the connections of hosts.
func New(hosts Hosts) *Leases { return On(func(n regions.Node) Host { return hosts.Host(n) }) }

// On makes the leases that are kept wherever host runs commands.
func On(host func(regions.Node) Host) *Leases { return &Leases{host} }

// AcquireOn takes the lease, with an epoch above every earlier one and above
// l.Epoch. A holder that asks again while its lease runs keeps the epoch. It
// returns *ops.Held while another holder's lease runs. Code Unseen means that
// nobody knows whether it was granted: ask again as the same holder.
func (s *Leases) AcquireOn(ctx context.Context, n regions.Node, l ops.Lease) (ops.Lease, error) {
	if strings.TrimSpace(l.Holder) == "" || l.Holder == nobody {
		return l, ops.Errorf(ops.Invalid, "", "The lease %s on %s names no holder.", l.Name, n.Host)
	}
	return s.change(ctx, n, "acquire", l)
}

// RenewOn makes the lease last for another TTL. Its error has the code
// Refused when another holder or another epoch has the lease.
func (s *Leases) RenewOn(ctx context.Context, n regions.Node, l ops.Lease) (ops.Lease, error) {
	return s.change(ctx, n, "renew", l)
}

// ReleaseOn ends the lease when it is still the caller's, and otherwise
// changes nothing. Releasing twice is fine.
func (s *Leases) ReleaseOn(ctx context.Context, n regions.Node, l ops.Lease) error {
	_, err := s.change(ctx, n, "release", l)
	return err
}

func (s *Leases) change(ctx context.Context, n regions.Node, verb string, l ops.Lease) (ops.Lease, error) {
	if l.Name == "" {
		return l, ops.Errorf(ops.Invalid, "", "The lease on %s has no name.", n.Host)
	}
	a, err := s.run(ctx, n, command(n, verb, l))
	if err != nil {
		return l, err
	}
	word, found, err := read(a)
	switch {
	case err != nil:
		return l, refusal(n, l, a, err)
	case word == "held":
		found.Name = l.Name
		return l, &ops.Held{Lease: found}
	case word == "lost":
		return l, ops.Errorf(ops.Refused, "history", "The lease %s on %s is no longer ours: %s.", l.Name, n.Host, whose(found))
	}
	found.Name, found.TTL = l.Name, l.TTL
	return found, nil
}

// run asks twice when the first answer was lost: every verb of the script may
// be repeated by the same holder.
func (s *Leases) run(ctx context.Context, n regions.Node, argv []secret.Word) (answer.Answer, error) {
	o := wire.RunOptions{Cap: 64 << 10}
	a, err := s.host(n).Run(ctx, argv, o)
	if err != nil && wire.Lost(err) && ctx.Err() == nil {
		a, err = s.host(n).Run(ctx, argv, o)
	}
	return a, err
}

// patience is how long the script waits for another one on the same file,
// which takes milliseconds. Its exit status then is busy.
const (
	patience = "10"
	busy     = 75
)

// socket is Docker's. Whoever may use it shares the leases.
const socket = "/var/run/docker.sock"

// command is the script with its parameters.
func command(n regions.Node, verb string, l ops.Lease) []secret.Word {
	words := []string{
		"sh", "-c", script, "vmqbot-lease", verb, fileName(n, l) + ".lease",
		token(l.Holder), strconv.FormatInt(max(l.Epoch, 0), 10), seconds(l.TTL), token(l.Reason), patience, strconv.Itoa(busy), socket,
	}
	if n.SSH.Sudo {
		words = append([]string{"sudo", "-n"}, words...)
	}
	return secret.Words(words...)
}

// fileName is where the host keeps a lease, without what tells the lock from it.
func fileName(n regions.Node, l ops.Lease) string {
	dir := n.SSH.LockDir
	if dir == "" {
		dir = "/var/lock"
	}
	return path.Join(dir, "vmqbot", baseName(l.Name))
}

// seconds rounds up: a lease may last too long, never too short.
func seconds(d time.Duration) string {
	return strconv.FormatInt(max(1, int64((d+time.Second-1)/time.Second)), 10)
}

func whose(l ops.Lease) string {
	if l.Holder == "" {
		return "nobody holds it now"
	}
	return fmt.Sprintf("%s holds it (%s) with epoch %d", l.Holder, l.Reason, l.Epoch)
}

// refusal says why the script did not answer, and what to type.
func refusal(n regions.Node, l ops.Lease, a answer.Answer, cause error) error {
	file := fileName(n, l)
	e := ops.Errorf(ops.Failed, "", "The lease %s could not be kept on %s: %s.", l.Name, n.Host, strings.TrimSpace(a.Stderr))
	switch {
	case errors.Is(cause, errGarbled):
		e = ops.Errorf(ops.Refused, "rm "+file+".lease",
			"The lease file %s.lease on %s is damaged. Make sure that nobody else changes this region, then remove it there.", file, n.Host)
	case a.Exit == busy:
		e = ops.Errorf(ops.Refused, "fuser -v "+file+".lock", "Something on %s has held %s.lock for %s s.", n.Host, file, patience)
	case a.Exit == 127:
		e = ops.Errorf(ops.Failed, "apt-get install util-linux", "%s lacks a tool that the region's lease needs (%s).", n.Host, strings.TrimSpace(a.Stderr))
	case a.Exit != 0:
		e.Fix = "ls -ld " + path.Dir(file) + " " + file + ".*"
	}
	e.Cause = cause
	return e
}
