package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// englishWords counts the words of prose: letters alone, some of them small,
// outside backquotes and quotation marks and outside Slack's marks.
func englishWords(s string) int {
	n := 0
	for _, w := range strings.Fields(open(s)) {
		n += len(proseWords(w))
	}
	return n
}

// proseWords are the words in what stands between two blanks.
func proseWords(token string) []string {
	var all []string
	for _, w := range strings.FieldsFunc(token, func(r rune) bool { return han(r) || strings.ContainsRune(",;()!?*\u2026|\u201c\u201d", r) }) {
		w = strings.Trim(w, ".:_'")
		if len(w) > 1 && !products[w] && !isID(w) && (len(w) > 2 || small[strings.ToLower(w)]) && strings.IndexFunc(w, func(r rune) bool { return !isLetter(r) && r != '-' }) < 0 && strings.IndexFunc(w, unicode.IsLower) >= 0 {
			all = append(all, w)
		}
	}
	return all
}

// hasWord reports whether there are two letters side by side.
func hasWord(s string) bool {
	for i := 1; i < len(s); i++ {
		if isLetter(rune(s[i])) && isLetter(rune(s[i-1])) {
			return true
		}
	}
	return false
}

// isID reports the short form of a digest that happens to be of letters alone.
func isID(w string) bool { return len(w) >= 8 && strings.Trim(w, "abcdef") == "" }

// products keep their names in every language, and so do checks and verbs, which
// are typed (TestNames holds them against the registries).
var products = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(names) {
		known[w] = true
	}
	return known
}()

// small are the words of two letters; others are names, as those of regions are.
var small = func() map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields("ok is of to in on at by it no so as be or we up an if do my me he") {
		known[w] = true
	}
	return known
}()

const names = `Weave Docker VerneMQ MQTT Slack Erlang SQLite WeaveDNS kB all off on help container command folders unguarded alone died together plugin
weave docker dockerd vernemq mqtt slack weavenet ssh sshd vmq-admin vmq systemd erlang prometheus alertmanager pagerduty
ack add admin alerts audit autoheal bridge broker cancel cert channel clash clock cluster conf confirmed connect
daemon demo deploy detach detached diagnose diff disk docker doctor doors dropped engine evict forget forward
build Dockerfile gate ghost gone guard history host image install ip isolated join latency launch leave leaves list listeners logs loop loss machine
maintenance mesh metrics mqtt mtu netsplit network oncall oom peer peers ping port prepare prune ps push queue reattach
remove replace restart rollback rollbacks route router schedule self self-check sessions ship show silence start status stop storm switches
targets tools unack unsilence up veth volumes watch weave webhook webhooks wire
`

// open blanks out what is quoted: code, names and Slack's marks.
func open(s string) string {
	if !strings.ContainsAny(s, "`\"<") {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); i++ {
		end := map[byte]byte{'`': '`', '"': '"', '<': '>'}[b[i]]
		if end == 0 {
			continue
		}
		n := strings.IndexByte(s[i+1:], end)
		if n < 0 {
			continue
		}
		for j := i + 1; j < i+1+n; j++ {
			b[j] = '0'
		}
		i += n + 1
	}
	return string(b)
}

// han reports whether a letter takes two cells.
func han(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

func lastRune(s string) rune { r, _ := utf8.DecodeLastRuneInString(s); return r }
