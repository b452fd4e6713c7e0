package do

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/weave"
)

// dialer is a Host that also reaches what listens on it.
type dialer interface {
	Dial(ctx context.Context, network, addr string) (net.Conn, error)
}

// regain attaches once more where weave kept the address for a container that
// Docker does not know, and hears of what was given back. done is false where that
// is not why the first attempt was refused, or where it could not be made sure: the
// first refusal stands then.
func (d *Doer) regain(ctx context.Context, n regions.Node, refused error, again func() (answer.Answer, error), line func(string)) (a answer.Answer, err error, done bool) { //nolint:revive // whether comes last
	owner, kept := weave.KeptFor(refused)
	if !kept {
		return a, nil, false
	}
	var unknown *engine.Error
	if _, err := d.engines.Of(n).Container(ctx, owner); !errors.As(err, &unknown) || unknown.Blind != facts.Absent {
		return a, nil, false
	}
	if err := d.giveBack(ctx, n, owner); err != nil {
		return a, fmt.Errorf("weave keeps the address for %s, a container that is gone, and did not give it back: %w", owner[:12], err), true
	}
	line(fmt.Sprintf("weave kept the address for %s, a container that is gone: given back (DELETE %s), and attached again", owner[:12], weave.KeptPath(owner)))
	a, err = again()
	return a, err, true
}

// giveBackTime bounds one request to a router that answers at once or hangs.
const giveBackTime = 10 * time.Second

// giveBack has the router on the host forget what it keeps for a container.
func (d *Doer) giveBack(ctx context.Context, n regions.Node, container string) error {
	host, can := d.host(n).(dialer)
	if !can {
		return ops.Errorf(ops.Invalid, "", "Weave on %s cannot be reached from here.", n.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, giveBackTime)
	defer cancel()
	router := &http.Client{Transport: &http.Transport{DialContext: host.Dial, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, "http://"+weave.APIAddress+weave.KeptPath(container), nil)
	if err != nil {
		return err
	}
	resp, err := router.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return fmt.Errorf("it answered %s: %s", resp.Status, strings.TrimSpace(string(said)))
	}
	return nil
}
