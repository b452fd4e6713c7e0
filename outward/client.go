package outward

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vmqbot/ops"
	"vmqbot/secret"
)

const (
	patience  = 10 * time.Second // for one request, from its beginning to its end
	userAgent = "vmqbot"
	mostSaid  = 200 // of a refusal, in bytes: it goes into the log
)

// client asks web services. It follows no redirect: a body that is meant for
// one host, and the key in it, must not go to another.
type client struct {
	name   string // of the receiver, for errors
	http   *http.Client
	redact func(string) string
}

func newClient(name string, redact func(string) string) *client {
	return &client{name: name, redact: redact, http: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// send makes one request; auth adds what proves who asks. Anything but a
// status of 2xx is an error.
func (c *client) send(ctx context.Context, method string, to secret.Word, body []byte, auth func(http.Header)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, to.Reveal(), bytes.NewReader(body))
	if err != nil {
		return ops.Errorf(ops.Refused, "", "%s: its address cannot be used; look at its url in the fleet file.", c.name)
	}
	r.Header.Set("User-Agent", userAgent)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if auth != nil {
		auth(r.Header)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return c.away(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read
	said, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return c.judge(res.StatusCode, said)
}

// away is a request that got no answer. The error of net/http names the whole
// address, so only what is below it is told.
func (c *client) away(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &ops.Error{Code: ops.Unseen, Msg: c.name + " does not answer: " + c.redact(err.Error()) + ".", Soon: true}
}

func (c *client) judge(status int, said []byte) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return &ops.Error{Code: ops.Unseen, Msg: c.name + " is busy or broken: " + c.answer(status, said), Soon: true}
	default:
		return ops.Errorf(ops.Refused, "", "%s refuses: %s Look at its keys in the fleet file.", c.name, c.answer(status, said))
	}
}

// answer is what came back, short and without secrets.
func (c *client) answer(status int, said []byte) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(said), "?")), " ")
	text = c.redact(text)
	if len(text) > mostSaid {
		text = strings.ToValidUTF8(text[:mostSaid], "") + "..."
	}
	head := http.StatusText(status)
	if head == "" {
		head = "no known status"
	}
	if text == "" {
		return head + "."
	}
	return head + ": " + text + "."
}
