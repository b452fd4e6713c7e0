package broker

import (
	"fmt"
	"regexp"
	"strings"

	"vmqbot/lab/broker/clique"
)

// fields are what `session show` can print, in the order of its help.
var fields = strings.Fields(`node mountpoint client_id queue_pid queue_size session_pid is_offline is_online statename
deliver_mode offline_messages online_messages num_sessions clean_session is_plugin queue_started_at user peer_host
peer_port protocol waiting_acks session_started_at topic qos rap no_local msg_ref msg_qos routing_key dup payload`)

// usual are the fields without any asked for.
var usual = []string{"client_id", "is_online", "mountpoint", "peer_host", "peer_port", "user"}

// fits applies --field=value and --field=~regexp.
func fits(r sessionRow, filters []clique.Pair) bool {
	for _, f := range filters {
		have := fmt.Sprint(r.field(f.Key))
		if pattern, ok := strings.CutPrefix(f.Value, "~"); ok {
			re, err := regexp.Compile(pattern)
			if err != nil || !re.MatchString(have) {
				return false
			}
			continue
		}
		if have != f.Value {
			return false
		}
	}
	return true
}

// field is one cell. What the stand-in does not have is null.
func (r sessionRow) field(name string) any {
	switch name {
	case "node":
		return r.Node
	case "client_id":
		return r.Client
	case "mountpoint":
		return ""
	case "is_online":
		return r.Online
	case "is_offline":
		return !r.Online
	case "clean_session":
		return r.Clean
	case "offline_messages":
		return r.OfflineMessages
	case "online_messages":
		return r.OnlineMessages
	case "queue_started_at":
		return r.QueueBegan.UnixMilli()
	case "statename":
		if r.Online {
			return "online"
		}
		return "offline"
	case "deliver_mode":
		return "fanout"
	case "num_sessions":
		if r.Online {
			return 1
		}
		return 0
	case "is_plugin":
		return false
	}
	if !r.Online {
		return nil
	}
	return r.onlineField(name)
}

func (r sessionRow) onlineField(name string) any {
	switch name {
	case "user":
		if r.User == "" {
			return clique.Undefined
		}
		return r.User
	case "peer_host":
		return r.PeerHost
	case "peer_port":
		return r.PeerPort
	case "protocol":
		return r.Protocol
	case "waiting_acks":
		return r.Unacked
	case "session_started_at":
		return r.SessionBegan.UnixMilli()
	}
	return nil
}
