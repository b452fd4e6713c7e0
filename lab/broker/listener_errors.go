package broker

import (
	"errors"
	"fmt"
	"strings"
)

var (
	errStarted  = errors.New("already_started")
	errNotFound = errors.New("not_found")
	errNoTLS    = errors.New("not_supported_by_the_stand_in")
)

// erlIP is an address as an Erlang tuple: {10,0,0,2}.
func erlIP(ip string) string { return "{" + strings.ReplaceAll(ip, ".", ",") + "}" }

// listenError is what ranch says of a port that cannot be opened.
func listenError(ip string, port int, err error) string {
	return fmt.Sprintf("{listen_error,{%s,%d},%s}", erlIP(ip), port, reason(err))
}

// startError is what comes of it one supervisor higher.
func startError(ip string, port int, err error) string {
	if errors.Is(err, errStarted) || errors.Is(err, errNoTLS) {
		return err.Error()
	}
	ref := fmt.Sprintf("{%s,%d}", erlIP(ip), port)
	return "{{shutdown,{failed_to_start_child,ranch_acceptors_sup," + listenError(ip, port, err) + "}},{child,undefined,{ranch_listener_sup," + ref +
		"},{ranch_listener_sup,start_link,[" + ref + ",ranch_tcp]},permanent,infinity,supervisor,[ranch_listener_sup]}}"
}
