package broker

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vmqbot/lab/broker/conf"
	"vmqbot/lab/broker/erldist"
)

// TermsCall is `nodetool rpcterms MODULE FUNCTION TERMS`.
type TermsCall struct {
	Module   string `json:"m"`
	Function string `json:"f"`
	Terms    string `json:"t"` // "vmq. {10,0,0,2}. 44053. []. "
}

// rpcterms calls one of the few functions that an operator needs and answers
// the term that the real one prints. An error is a badrpc.
func (n *Node) rpcterms(c TermsCall) (string, error) {
	args, err := erldist.ParseTerms(c.Terms)
	if err != nil {
		return "", err
	}
	a := n.running()
	switch c.Module + ":" + c.Function + fmt.Sprintf("/%d", len(args)) {
	case "erlang:whereis/1":
		if a == nil {
			return "undefined", nil
		}
		return "<9349.2301.0>", nil
	case "vmq_config:get_env/1":
		return n.getEnv(args[0])
	case "vmq_ranch_config:start_listener/4":
		if a == nil {
			return "", errors.New("{'EXIT',{badarg,[{ets,lookup,[vmq_config_cache,tcp_listen_options],[]}]}}")
		}
		return a.startListenerTerm(args)
	}
	return "", fmt.Errorf("{'EXIT',{undef,[{%s,%s,%d,[]}]}}", c.Module, c.Function, len(args))
}

// startListenerTerm opens a port of any type, the cluster port included: the
// mildest repair of a cluster port that was opened too early.
func (a *app) startListenerTerm(args []erldist.Term) (string, error) {
	kind, ok1 := args[0].(erldist.AtomTerm)
	ip, ok2 := ipTerm(args[1])
	port, ok3 := args[2].(int)
	if !ok1 || !ok2 || !ok3 {
		return "", errors.New("{'EXIT',{function_clause,[{vmq_ranch_config,start_listener,4,[]}]}}")
	}
	err := a.listeners.start(string(kind), ip, port, a.n.opt.Config.Int("listener.max_connections", 10000), "")
	switch {
	case err == nil:
		return "ok", nil
	case errors.Is(err, errStarted):
		return "{error,{already_started,<9349.4865.0>}}", nil
	}
	return "{error," + startError(ip, port, err) + "}", nil
}

// ipTerm takes {10,0,0,2} and "10.0.0.2".
func ipTerm(t erldist.Term) (string, bool) {
	if s, ok := t.(string); ok {
		return s, true
	}
	parts, ok := t.(erldist.Tuple)
	if !ok || len(parts) != 4 {
		return "", false
	}
	var words []string
	for _, p := range parts {
		n, ok := p.(int)
		if !ok || n < 0 || n > 255 {
			return "", false
		}
		words = append(words, fmt.Sprint(n))
	}
	return strings.Join(words, "."), true
}

// getEnv prints configured values; for listeners the ones that should be
// there, open or not.
func (n *Node) getEnv(key erldist.Term) (string, error) {
	name, ok := key.(erldist.AtomTerm)
	if !ok {
		return "", errors.New("{'EXIT',{function_clause,[{vmq_config,get_env,1,[]}]}}")
	}
	if name != "listeners" {
		if _, known := n.opt.Config.Schema().Datatype(string(name)); !known {
			return "undefined", nil
		}
		return n.setting(string(name)), nil
	}
	list := n.opt.Config.Listeners()
	var groups []string
	for _, kind := range []string{"mqtt", "mqtts", "mqttws", "mqttwss", "vmq", "vmqs", "http", "https"} {
		var rows []string
		for _, l := range slices.DeleteFunc(slices.Clone(list), func(l conf.Listener) bool { return l.Type() != kind }) {
			rows = append(rows, fmt.Sprintf("{{%s,%d},\n         [{max_connections,%d},{nr_of_acceptors,10},{mountpoint,%q}]}", erlIP(l.IP), l.Port, l.MaxConns, l.Mount))
		}
		groups = append(groups, "{"+kind+",["+strings.Join(rows, ",\n        ")+"]}")
	}
	return "[" + strings.Join(groups, ",\n ") + "]", nil
}
