package regions

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vmqbot/secret"
)

// listenerKinds are what VerneMQ listens for: the second word of the key.
var listenerKinds = []string{"tcp", "ssl", "ws", "wss", "http", "https", "vmq", "vmqs"}

// listenerOptions are third words that set something for all listeners of a
// kind; every other third word is a name that the operator chose
// (vmq_schema.erl, extract, and `vernemq config effective` of 2.1.2).
var listenerOptions = strings.Fields(`allow_anonymous_override allowed_protocol_versions buffer_sizes cafile capath certfile
ciphers config_fun config_mod crlfile depth eccs forward_connection_opts high_msgq_watermark high_watermark http_modules
keyfile keypasswd low_msgq_watermark low_watermark max_connections max_connection_lifetime mountpoint nr_of_acceptors
proxy_protocol proxy_protocol_use_cn_as_username proxy_xff_support proxy_xff_trusted_intermediate proxy_xff_use_cn_as_username
proxy_xff_cn_header psk_identity_hint psk_support pskfile pskfile_separator require_certificate tls_handshake_timeout
tls_version use_identity_as_username`)

// ListenerKey splits the key of a listener, listener.KIND.NAME, as VerneMQ
// does; it reports false for every other key, as listener.tcp.max_connections.
func ListenerKey(key string) (kind, name string, ok bool) {
	words := strings.Split(key, ".")
	if len(words) != 3 || words[0] != "listener" || !slices.Contains(listenerKinds, words[1]) ||
		slices.Contains(listenerOptions, words[2]) {
		return "", "", false
	}
	return words[1], words[2], true
}

// ListenerAddr reads what a listener's key stands for: ADDRESS:PORT, the
// address of IPv4 or IPv6 and without brackets or with them.
func ListenerAddr(value string) (netip.AddrPort, bool) {
	host, port, found := cutLast(value, ":")
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	addr, err := netip.ParseAddr(host)
	n, bad := strconv.ParseUint(port, 10, 16)
	if !found || err != nil || bad != nil || n == 0 {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(addr, uint16(n)), true
}

// listenerFits refuses a port that cannot be: VerneMQ's own check takes 99999,
// starts, and only its error.log says that nothing listens. Anything that is
// no number after the last colon is left to VerneMQ, which has sockets too.
func (r *reader) listenerFits(at value, key string, w secret.Word) bool {
	if _, _, ok := ListenerKey(key); !ok {
		return true
	}
	_, port, found := cutLast(w.Reveal(), ":")
	n, err := strconv.Atoi(port)
	if !found || err != nil || n >= 1 && n <= 65535 {
		return true
	}
	r.refuse(at, "Write ADDRESS:PORT with a port from 1 to 65535, as 0.0.0.0:1883.",
		"%s %s has no port from 1 to 65535.", at.name, shown(w.String()))
	return false
}
