package regions

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"vmqbot/secret"
)

// setting is one line of vernemq.conf and where the fleet file says so.
type setting struct {
	word secret.Word
	at   value
}

// settings are lines of vernemq.conf by key.
type settings map[string]setting

// The keys that say who a node is; they must agree with its address.
const (
	keyNodename   = "nodename"
	keyClustering = "listener.vmq.clustering"
	keyCookie     = "distributed_cookie"
)

var (
	isConfKey = pattern(`[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*`)
	hasLogin  = regexp.MustCompile(`://[^/@\s:]*:[^/@\s]+@`)

	// The last word of a key whose value is a secret.
	secretWords = []string{"cookie", "secret", "psk", "token", "api_key", "passphrase", "password"}
	// These name a password in passing: the value is a path, a time or a method.
	harmlessEnds = []string{"_file", "_interval", "_method", "_field", "_query"}
)

// conf reads settings into dst, over what is there already.
func (r *reader) conf(dst settings) func(value) {
	return func(v value) {
		r.entries(v, func(key string, at value) {
			if !isConfKey(key) {
				r.refuse(at, "Write keys as in vernemq.conf, as listener.tcp.default.", "%s is not a key of vernemq.conf.", at.name)
				return
			}
			if w, ok := r.resolved(at); ok && r.confValueFits(at, key, w) {
				dst[key] = setting{w, at}
			}
		})
	}
}

// confValueFits refuses what VerneMQ would not read as it stands here.
func (r *reader) confValueFits(at value, key string, w secret.Word) bool {
	s := w.Reveal()
	switch {
	case !w.IsHidden() && IsSecret(key, s):
		r.refuse(at, referenceFix, "%s is a secret and stands here in clear.", at.name)
	case strings.Contains(s, "#"):
		r.refuse(at, "Choose a value without #.", "%s holds a #, and VerneMQ drops what follows it.", at.name)
	case !isPrintable(s):
		r.refuse(at, "Write printable characters on one line, without blanks around them.",
			"%s is not one line of printable text.", at.name)
	case key == keyCookie && (strings.HasPrefix(s, "-") || strings.ContainsAny(s, ` '"\`)):
		r.refuse(at, "Choose letters and digits.", "%s starts with a dash or holds a blank, a quote or a backslash.", at.name)
	default:
		return r.listenerFits(at, key, w)
	}
	return false
}

// IsSecret reports whether a line of vernemq.conf must never be shown: by its
// key, as distributed_cookie, or by its value, a URL with a login in it. Every line of
// every file that a look brings is asked, so it keeps to the end of the key.
func IsSecret(key, value string) bool {
	key = strings.ToLower(key)
	last := key[strings.LastIndexByte(key, '.')+1:]
	return slices.ContainsFunc(secretWords, func(word string) bool { return last == word || strings.HasSuffix(last, "_"+word) }) ||
		strings.Contains(last, "password") && !slices.ContainsFunc(harmlessEnds, func(end string) bool { return strings.HasSuffix(last, end) }) ||
		strings.Contains(value, "://") && hasLogin.MatchString(value)
}

// over lays the node's settings over the fleet's.
func (c settings) over(fleet settings) settings {
	all := maps.Clone(fleet)
	maps.Copy(all, c)
	return all
}

// words are the settings without their places.
func (c settings) words() map[string]secret.Word {
	ws := make(map[string]secret.Word, len(c))
	for k, s := range c {
		ws[k] = s.word
	}
	return ws
}

// whoIs refuses settings that give a node another name or another data
// channel than its address does.
func (r *reader) whoIs(n Node, own settings) {
	if s, ok := own[keyNodename]; ok && s.word.Reveal() != n.ErlangName() {
		r.refuse(s.at, "Write "+n.ErlangName()+", or remove the line.",
			"%s %s is not the node's address.", s.at.name, shown(s.word.String()))
	}
	want := n.ClusterAddr().String()
	if s, ok := own[keyClustering]; ok && s.word.Reveal() != want && !r.anywhere(s, want) {
		r.refuse(s.at, "Write "+want+", or remove the line.",
			"%s %s is not the node's address with port %d.", s.at.name, shown(s.word.String()), ClusterPort)
	}
}

// nobody refuses settings for every node that can be right for one only.
func (r *reader) nobody(fleet settings) {
	const instead = "ADDRESS:44053 under each node's conf"
	for _, key := range []string{keyNodename, keyClustering} {
		if s, ok := fleet[key]; ok && (key == keyNodename || !r.anywhere(s, instead)) {
			r.refuse(s.at, "Remove the line, or write it under each node's conf.", "%s cannot be the same for every node.", s.at.name)
		}
	}
}

// anywhere refuses a data channel on every address: peers dial the address
// that is configured (vmq_cluster_node.erl, connect_params).
func (r *reader) anywhere(s setting, want string) bool {
	host, _, _ := cutLast(s.word.Reveal(), ":")
	if host != "0.0.0.0" {
		return false
	}
	r.refuse(s.at, "Write "+want+", or remove the line.",
		"%s %s makes every peer dial itself, so no message crosses while cluster show is true.", s.at.name, s.word)
	return true
}
