// Package conf writes vernemq.conf for one node and reads it as VerneMQ does:
// what the fleet file plans, what stands on the host, what differs, what a
// difference needs, and what can be seen to be wrong before anything stops.
// VerneMQ in the image remains the judge of keys and values (chkconfig).
package conf

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vmqbot/regions"
	"vmqbot/secret"
)

// File is the vernemq.conf of one node, and beside it what the gate opens.
type File struct {
	Settings Settings   // what is written
	Doors    []Door     // MQTT listeners that the gate opens later; they are not written
	Early    []Listener // MQTT listeners that the broker opens itself, as soon as it starts
	Buffer   int        // bytes that the node holds back for each absent peer; 0 when that is not known

	head string
}

// Text is the file as it goes to the host.
func (f File) Text() secret.Text {
	return secret.New(lines(f.head, f.Settings, func(key string) string { return f.Settings.Words[key].Reveal() }))
}

// Shown is the file with [redacted] for every secret.
func (f File) Shown() string {
	return lines(f.head, f.Settings, func(key string) string { return f.Settings.Words[key].String() })
}

// Listeners is what the gate reads: one line for each door. It is empty when
// there are none, and then nothing is opened.
func (f File) Listeners() string {
	var b strings.Builder
	for _, d := range f.Doors {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// Digest is the SHA-256 of the text and the doors, in hexadecimal; another
// cookie makes another digest.
func (f File) Digest() string {
	sum := sha256.Sum256([]byte(f.Text().Reveal() + "\x00" + f.Listeners()))
	return hex.EncodeToString(sum[:])
}

// Render writes the vernemq.conf of a node for the version that will read it:
// the fleet file's settings, and under them what a node of this program needs
// and nobody should have to write.
func Render(n regions.Node, v Version) File {
	words := planned(n, v)
	kept := maps.Clone(words)
	f := File{head: head(n)}
	for _, l := range listenersOf(words) {
		if door, ok := doorOf(l, words, v); ok {
			f.Doors = append(f.Doors, door)
			remove(kept, l.Key)
		} else if l.mqtt() {
			f.Early = append(f.Early, l)
		}
	}
	slices.SortFunc(f.Doors, func(a, b Door) int { return a.At.Compare(b.At) })
	if v.opensMQTT() && !slices.ContainsFunc(f.Early, func(l Listener) bool { return l.Kind == "tcp" }) {
		kept[keyTCPDefault] = secret.Plain(elsewhere(words, n.Ports).String())
		f.head += "# A broker of this version opens 127.0.0.1:1883 by itself, which would keep the gate\n" +
			"# from opening that port; listener.tcp.default moves it out of the way.\n"
	}
	f.Settings = Settings{Words: kept}
	f.Buffer, _ = strconv.Atoi(f.Settings.or(keyBuffer, strconv.Itoa(v.Buffer())))
	return f
}

// head is the comment above the file. It holds no time: the same plan is the
// same file.
func head(n regions.Node) string {
	return fmt.Sprintf("# vernemq.conf of %s, region %s, written by vmqbot from the fleet file.\n"+
		"# What is changed here is lost with the next deploy: change the fleet file.\n"+
		"# MQTT over plain TCP is opened by the gate when the plugins answer.\n", n.Name, n.Region)
}

// planned is the fleet file's settings over what a node needs.
func planned(n regions.Node, v Version) map[string]secret.Word {
	words := map[string]secret.Word{
		keyNodename:   secret.Plain(n.ErlangName()),
		keyClustering: secret.Plain(n.ClusterAddr().String()),
		keyHTTP:       secret.Plain("127.0.0.1:8888"), // without a line there is none
		keyConsole:    secret.Plain("console"),        // else docker logs is empty
	}
	if plugin := v.Metadata(); plugin != "" {
		words[keyMetadata] = secret.Plain(plugin) // a new version must not choose for itself
	}
	if v.Buffer() < WantedBuffer {
		words[keyBuffer] = secret.Plain(strconv.Itoa(WantedBuffer))
	}
	if !n.Cookie.IsZero() {
		words[keyCookie] = secret.Hidden(n.Cookie.Reveal())
	}
	maps.Copy(words, n.Conf)
	usual(words, n.Ports)
	return words
}

// usual adds the runbook's MQTT listeners on the ports that the node
// publishes, unless the fleet file names a TCP listener. Docker sends what
// arrives for a published port to eth0, so they listen on every address.
func usual(words map[string]secret.Word, published []int) {
	taken := map[int]bool{}
	for key, w := range words {
		kind, _, ok := regions.ListenerKey(key)
		if ok && kind == "tcp" {
			return
		}
		if at, good := regions.ListenerAddr(w.Reveal()); ok && good {
			taken[int(at.Port())] = true
		}
	}
	for _, l := range []struct {
		key  string
		port int
	}{{keyTCPDefault, 1883}, {"listener.tcp.b", 1889}, {"listener.tcp.c", 1900}} {
		if slices.Contains(published, l.port) && !taken[l.port] {
			words[l.key] = secret.Plain("0.0.0.0:" + strconv.Itoa(l.port))
		}
	}
}

// remove takes a listener and its options out: an option that is left alone
// brings the listener back, on 127.0.0.1:1883 (cuttlefish_generator.erl,
// add_fuzzy_default).
func remove(words map[string]secret.Word, key string) {
	below := key + "."
	maps.DeleteFunc(words, func(k string, _ secret.Word) bool { return k == key || strings.HasPrefix(k, below) })
}

// elsewhere is where a broker that insists on an MQTT listener of its own may
// have it: inside the container, and on a port that nobody uses, because a
// listener on 127.0.0.1:1883 would keep the gate from opening 0.0.0.0:1883.
func elsewhere(words map[string]secret.Word, published []int) netip.AddrPort {
	at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 18830)
	others := listenersOf(words)
	used := func() bool {
		return slices.Contains(published, int(at.Port())) ||
			slices.ContainsFunc(others, func(l Listener) bool { return l.At.Port() == at.Port() })
	}
	for used() {
		at = netip.AddrPortFrom(at.Addr(), at.Port()+1)
	}
	return at
}
