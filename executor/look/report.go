package look

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/weave"
)

// mostReport is the most bytes of a report that are read.
const mostReport = 16 << 20

// report asks the router on the host for its report.
func (v view) report(ctx context.Context) facts.Seen[weave.Report] {
	body, err := v.ask(ctx, "http://"+weave.APIAddress+weave.ReportPath)
	if err != nil {
		return missed[weave.Report](v.router(ctx, err))
	}
	defer bodies.Put(body)
	r, err := weave.ParseReport(body.Bytes())
	if err != nil {
		return facts.Missed[weave.Report](facts.Unreadable, err.Error())
	}
	return facts.Saw(r)
}

// bodies are answers that were read and parsed: a report tells of the whole
// mesh, so that of 200 hosts is 100 kB, 200 times a look.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// ask reads a whole answer into a buffer of bodies, to which the caller gives
// it back.
func (v view) ask(ctx context.Context, url string) (*bytes.Buffer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", weave.ReportAccept)
	resp, err := v.weave.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	body := bodies.Get().(*bytes.Buffer)
	body.Reset()
	if _, err := body.ReadFrom(io.LimitReader(resp.Body, mostReport)); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &blindness{facts.Failed, fmt.Sprintf("weave on %s answered %s: %s", v.name, resp.Status, strings.TrimSpace(body.String()))}
	}
	return body, nil
}

// router says why the router gave no report.
func (v view) router(ctx context.Context, err error) error {
	var own *blindness
	switch {
	case errors.As(err, &own):
		return own
	case ctx.Err() != nil:
		return &blindness{facts.TooLate, "weave on " + v.name + " gave no report in time: look there with `docker logs weave`."}
	case blind(err) == facts.Down: // the host was reached: an unreachable one is another matter
		return &blindness{facts.Down, "weave is not running on " + v.name + ": nothing listens on " + weave.APIAddress + " there. Look with `docker logs weave`, and launch it with all its peers: network up."}
	case blind(err) == facts.Denied:
		return &blindness{facts.Denied, "sshd on " + v.name + " forbids the channel to weave at " + weave.APIAddress + ": allow AllowTcpForwarding in its sshd_config."}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &blindness{facts.Unreadable, "weave on " + v.name + " closed the connection before its report was whole: ask again."}
	}
	var ssh *wire.Error
	if errors.As(err, &ssh) {
		return ssh // without the words of the HTTP library around it
	}
	return err
}
