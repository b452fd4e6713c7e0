package regions

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"vmqbot/secret"
)

// Receiver is one place outside that alerts are taken to.
type Receiver struct {
	Name       string
	Kind       string      // Alertmanager, PagerDuty or SignedHook
	URL        secret.Word // where it is; hidden when it came by reference
	RoutingKey secret.Text // of PagerDuty: the integration's key
	Secret     secret.Text // of a webhook: what its body is signed with
	Username   string      // of Alertmanager: basic authentication; "" for none
	Password   secret.Text // of Alertmanager
}

// The kinds of receivers.
const (
	Alertmanager = "alertmanager" // its API v2
	PagerDuty    = "pagerduty"    // its Events API v2
	SignedHook   = "webhook"      // JSON with a signature
)

// Deadman is the address that is asked while the watch really turns, so that
// somebody outside notices when it does not any more.
type Deadman struct {
	URL    secret.Word // empty for none
	Every  time.Duration
	Method string // GET or POST
}

// Any reports whether there is one.
func (d Deadman) Any() bool { return d.URL.Reveal() != "" }

// eventsAPI is where PagerDuty takes events, outside its service region in
// Europe.
const eventsAPI = "https://events.pagerduty.com/v2/enqueue"

func (r *reader) receivers(v value) {
	r.entries(v, func(name string, at value) {
		if !aName.ok(name) || name == Speech || name == "deadman" {
			r.refuse(at, "Write a name of its own, as pager.", "%s is not a name for a receiver.", at.name)
			return
		}
		r.fleet.Receivers = append(r.fleet.Receivers, r.receiver(name, at))
	})
}

// Speech is what people read of an alert, in Slack or on a terminal: no
// receiver may have its name.
const Speech = "speech"

// receiver reads one; which keys it takes depends on its kind.
func (r *reader) receiver(name string, at value) Receiver {
	c := Receiver{Name: name, Kind: r.kindOf(at)}
	fields := []field{must("kind", r.oneOf(&c.Kind, Alertmanager, PagerDuty, SignedHook))}
	address, key := r.webAddress(&c.URL), r.password(&c.RoutingKey)
	switch c.Kind {
	case Alertmanager:
		fields = append(fields, must("url", address), may("username", r.word(&c.Username, aLogin)), may("password", r.password(&c.Password)))
	case PagerDuty:
		c.URL = secret.Plain(eventsAPI)
		fields = append(fields, must("routing_key", key), may("url", address))
	case SignedHook:
		fields = append(fields, must("url", address), must("secret", r.password(&c.Secret)))
	default: // its kind is refused; what else it has cannot be judged
		for _, k := range []string{"url", "routing_key", "secret", "username", "password"} {
			fields = append(fields, may(k, func(value) {}))
		}
	}
	r.object(at, fields...)
	return c
}

// kindOf looks ahead; what is wrong with it is refused when it is read.
func (r *reader) kindOf(at value) string {
	list, _ := entriesOf(at.node)
	i := slices.IndexFunc(list, func(e *ast.MappingValueNode) bool { key, _ := value{node: e.Key}.text(); return key == "kind" })
	if i < 0 {
		return ""
	}
	kind, _ := value{node: list[i].Value}.text()
	return kind
}

func (r *reader) deadman(v value) {
	d := Deadman{Every: time.Minute, Method: "GET"}
	r.object(v,
		must("url", r.webAddress(&d.URL)),
		may("every", r.duration(&d.Every, 10*time.Second, time.Hour)),
		may("method", r.oneOf(&d.Method, "GET", "POST")),
	)
	r.fleet.Deadman = d
}

// webAddress reads where something answers over HTTP. It may come by reference,
// because such an address is often a secret by itself, and is hidden then.
func (r *reader) webAddress(dst *secret.Word) func(value) {
	return func(v value) {
		w, ok := r.resolved(v)
		if !ok {
			return
		}
		u, err := url.Parse(w.Reveal())
		switch {
		case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Fragment != "":
			r.refuse(v, "Write http:// or https://, a host and a path.", "%s is not the address of a web service.", v.name)
		case u.User != nil:
			r.refuse(v, "Write username and password as keys of their own.", "%s holds a user name.", v.name)
		default:
			*dst = w
		}
	}
}

// page reads the address of a page that people are sent to: no secret, and none
// that would end a link in Slack early.
func (r *reader) page(dst *string) func(value) {
	return func(v value) {
		var w secret.Word
		r.webAddress(&w)(v)
		switch {
		case w.IsHidden():
			r.refuse(v, "Write the address itself.", "%s holds a reference, and everybody is to read it.", v.name)
		case strings.ContainsAny(w.Reveal(), "<>| "):
			r.refuse(v, "Write http:// or https://, a host and a path.", "%s is not the address of a page.", v.name)
		default:
			*dst = w.Reveal()
		}
	}
}
