package broker

import (
	"errors"
	"fmt"
	"strconv"

	"vmqbot/lab/broker/clique"
)

// listenerStart knows mqtt, websocket and http; there is no way to open a
// cluster port here. With the cluster port's number it opens an MQTT port and
// says Done: the trap.
func (n *Node) listenerStart(a *app, ip string, port int, args clique.Args) clique.Result {
	kind := "mqtt"
	if _, ok := args.Flag("websocket"); ok {
		kind = "mqttws"
	}
	if _, ok := args.Flag("http"); ok {
		kind = "http"
	}
	if _, ok := args.Flag("ssl"); ok {
		kind = map[string]string{"mqtt": "mqtts", "mqttws": "mqttwss", "http": "https"}[kind]
	}
	most := n.opt.Config.Int("listener.max_connections", 10000)
	if v, ok := args.Flag("max_connections"); ok {
		i, err := strconv.Atoi(v)
		if err != nil {
			return clique.Fail(fmt.Sprintf("Invalid value: %q for flag: max_connections", v))
		}
		most = i
	}
	mount, _ := args.Flag("mountpoint")
	if err := a.listeners.start(kind, ip, port, most, mount); err != nil {
		why := startError(ip, port, err)
		n.log.warn("vmq_listener_cli:start_listener", "Can't start listener %s %s %d due to %s", kind, erlIP(ip), port, why)
		return clique.Warn(fmt.Sprintf("can't start listener due to '%s'", why))
	}
	return clique.Say("Done")
}

func (n *Node) listenerStop(a *app, ip string, port int, args clique.Args) clique.Result {
	_, kill := args.Flag("kill_sessions")
	if err := a.listeners.stop(ip, port, kill); err != nil {
		return clique.Warn(fmt.Sprintf("can't stop listener due to '%s'", err))
	}
	return clique.Say("Done")
}

func (n *Node) listenerDelete(a *app, ip string, port int, _ clique.Args) clique.Result {
	a.listeners.remove(ip, port)
	return clique.Say("Done")
}

// listenerRestart of a port that was never opened crashes in 2.x, where ranch
// has no such listener, and says so in 1.6.
func (n *Node) listenerRestart(a *app, ip string, port int, _ clique.Args) clique.Result {
	err := a.listeners.restart(ip, port)
	switch {
	case err == nil:
		return clique.Say("Done")
	case errors.Is(err, errNotFound) && n.dialect.Legacy:
		return clique.Warn(fmt.Sprintf("can't restart listener due to '%s'", err))
	case errors.Is(err, errNotFound):
		return crash(n.badRPC(fmt.Sprintf("{badarg,\n                                  [{ets,lookup_element,\n"+
			"                                    [ranch_server,{conns_sup,{%s,%d}},2],\n"+
			"                                    [{error_info,#{cause => badkey,module => erl_stdlib_errors}}]}]}", erlIP(ip), port)))
	}
	return clique.Warn(fmt.Sprintf("can't restart listener due to '%s'", reason(err)))
}
