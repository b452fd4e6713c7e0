package regions

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Webhook is one webhook that the node's conf plans, by its name, with the
// place where its endpoint listens.
type Webhook struct {
	Name string
	Host string // a name or an address
	Port int
}

// Addr is HOST:PORT, without brackets: it names the place and is not dialed.
func (w Webhook) Addr() string { return w.Host + ":" + strconv.Itoa(w.Port) }

// Webhooks are the planned webhooks of a node (vmq_webhooks.NAME.endpoint), by
// name. An endpoint that is no URL of a host is left out: VerneMQ refuses it.
func (n Node) Webhooks() []Webhook {
	var hooks []Webhook
	for key, word := range n.Conf {
		rest, is := strings.CutPrefix(key, "vmq_webhooks.")
		name, ends := strings.CutSuffix(rest, ".endpoint")
		u, err := url.Parse(word.Reveal())
		if !is || !ends || err != nil || u.Hostname() == "" || strings.HasPrefix(u.Hostname(), "-") {
			continue
		}
		w := Webhook{Name: name, Host: u.Hostname(), Port: 80}
		if u.Scheme == "https" {
			w.Port = 443
		}
		if p, err := strconv.ParseUint(u.Port(), 10, 16); err == nil && p > 0 {
			w.Port = int(p)
		}
		hooks = append(hooks, w)
	}
	slices.SortFunc(hooks, func(a, b Webhook) int { return strings.Compare(a.Name, b.Name) })
	return hooks
}

// TLSListener is one planned listener that shows a certificate.
type TLSListener struct {
	Key string // listener.ssl.default
	At  netip.AddrPort
}

// TLSListeners are the planned listeners of a node that speak TLS, by key.
func (n Node) TLSListeners() []TLSListener {
	var all []TLSListener
	for key, word := range n.Conf {
		kind, _, ok := ListenerKey(key)
		if at, good := ListenerAddr(word.Reveal()); ok && good && slices.Contains([]string{"ssl", "wss", "https", "vmqs"}, kind) {
			all = append(all, TLSListener{key, at})
		}
	}
	slices.SortFunc(all, func(a, b TLSListener) int { return strings.Compare(a.Key, b.Key) })
	return all
}
