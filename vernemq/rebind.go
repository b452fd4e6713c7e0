package vernemq

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Rebound is the answer to Rebind when the cluster port listens.
type Rebound struct {
	Bound   bool `json:"bound"`
	Already bool `json:"already"` // it was bound before; nothing was done
}

var (
	alreadyStarted = regexp.MustCompile(`\A\{error,\{already_started,<[\d.]+>\}\}\z`)
	reasonWord     = regexp.MustCompile(`\b(eaddrnotavail|eaddrinuse|eacces)\b`)
)

// ParseRebind reads the answer to Rebind. The exit status is 0 for every
// result of Erlang, so the text decides. The refusals are AddressMissing,
// PortInUse, answer.Usage (the terms were not understood), Failed and the
// troubles of every command.
func ParseRebind(a answer.Answer) (Rebound, error) {
	if r := termTrouble(a); r != nil {
		return Rebound{}, r
	}
	out := clean(a.Stdout)
	switch {
	case a.Exit != 0 || out == "":
		return Rebound{}, garbled(a, out)
	case out == "ok":
		return Rebound{Bound: true}, nil
	case alreadyStarted.MatchString(out):
		return Rebound{Bound: true, Already: true}, nil
	case !strings.HasPrefix(out, "{error,") || !balanced(out):
		return Rebound{}, garbled(a, out)
	}
	switch reasonWord.FindString(out) {
	case "eaddrnotavail":
		return Rebound{}, answer.Refuse(AddressMissing, out, "the address is still not there, so the cluster port was not bound: attach the address first, then re-bind (`reattach` does both).")
	case "eaddrinuse":
		return Rebound{}, answer.Refuse(PortInUse, out, "something else holds the cluster port, perhaps an MQTT listener that `listener start` opened on it: look at `vmq-admin listener show`, stop and delete what is not of type vmq, then re-bind.")
	}
	return Rebound{}, answer.Refuse(Failed, out, "the cluster port was not bound; the reason is in the answer and in error.log. The next harsher means is `vmq-admin node stop` and `node start`, which drops this node's clients.")
}

// termTrouble refuses what rpcterms says when its words were wrong.
func termTrouble(a answer.Answer) *answer.Refusal {
	all := clean(a.Stdout + "\n" + a.Stderr)
	if a.Exit != 0 && strings.HasPrefix(all, "escript: exception error") {
		return answer.Refuse(answer.Usage, all, "nodetool did not understand the terms: each ends with a full stop and a blank, as in \"vmq. {10,0,0,1}. 44053. []. \". Nothing was done.")
	}
	return troubleOf(a)
}

func explainRebind(a answer.Answer) (any, string, error) {
	r, err := ParseRebind(a)
	if r.Already {
		return r, "The cluster port was bound already; nothing was changed. If messages still do not cross, look with `diagnose`.", err
	}
	return r, "The cluster port is bound again and no client was dropped; the messages that other nodes still buffered arrive within a second or two. Prove it: type vmq in `vmq-admin listener show`, established channels from every node, a message across (`diagnose`).", err
}

// Configured is one listener that the broker was told to open, whether or
// not it could.
type Configured struct {
	Type    string `json:"type"`
	Address string `json:"address"`
	Port    int    `json:"port"`
}

// ParseConfigured reads the answer to ListenersEnv.
func ParseConfigured(a answer.Answer) ([]Configured, error) {
	if r := termTrouble(a); r != nil {
		return nil, r
	}
	v, ok := parseTerm(clean(a.Stdout))
	types, isList := v.([]any)
	if !ok || !isList || a.Exit != 0 {
		return nil, garbled(a, a.Stdout)
	}
	list := []Configured{}
	for _, t := range types {
		pair, _ := t.(tuple)
		if len(pair) != 2 {
			return nil, garbled(a, fmt.Sprint(t))
		}
		listeners, isList := pair[1].([]any)
		kind, isAtom := pair[0].(atom)
		if !isList || !isAtom {
			return nil, garbled(a, fmt.Sprint(t))
		}
		for _, l := range listeners {
			c, ok := configuredOf(string(kind), l)
			if !ok {
				return nil, garbled(a, fmt.Sprint(l))
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// configuredOf reads {{ADDRESS, PORT}, OPTIONS}; the address is a tuple of
// numbers or a string.
func configuredOf(kind string, v any) (c Configured, ok bool) {
	outer, _ := v.(tuple)
	if len(outer) != 2 {
		return c, false
	}
	at, _ := outer[0].(tuple)
	if len(at) != 2 {
		return c, false
	}
	port, ok := at[1].(int64)
	if !ok || port < 0 || port > 65535 {
		return c, false
	}
	c = Configured{Type: kind, Port: int(port)}
	switch addr := at[0].(type) {
	case string:
		c.Address = addr
	case tuple:
		c.Address, ok = addressOf(addr)
	default:
		ok = false
	}
	return c, ok
}

// addressOf writes {10,0,0,1} as 10.0.0.1, and eight numbers as IPv6.
func addressOf(t tuple) (string, bool) {
	parts, base, sep := make([]string, len(t)), 10, "."
	if len(t) == 8 {
		base, sep = 16, ":"
	}
	for i, v := range t {
		n, ok := v.(int64)
		if !ok || n < 0 || n > 65535 || base == 10 && n > 255 {
			return "", false
		}
		parts[i] = strconv.FormatInt(n, base)
	}
	addr, err := netip.ParseAddr(strings.Join(parts, sep))
	return addr.String(), err == nil
}

func explainConfigured(a answer.Answer) (any, string, error) {
	cs, err := ParseConfigured(a)
	return map[string]any{"configured": cs}, counted(len(cs), "listener is", "listeners are") + " configured, those that could not bind included: one that is missing from `vmq-admin listener show` did not bind.", err
}
