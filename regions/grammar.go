package regions

import (
	"net/netip"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// grammar says what a value of one kind looks like. Everything that later
// stands in an argv, in a path or on the wire passes one of these first, so
// that none of it can be taken for an option or for shell syntax.
type grammar struct {
	is  string // "a host": the value "is not" it
	fix string // what to write instead
	ok  func(string) bool
}

func pattern(re string) func(string) bool { return regexp.MustCompile("^(?:" + re + ")$").MatchString }

var (
	aName = grammar{
		"a name", "Write at most 63 lower-case letters, digits and dashes, as cn-1.",
		pattern(`[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`),
	}
	aHost = grammar{
		"a host", "Write a DNS name or an address alone, as 203.0.113.10; user and port belong to ssh.user and ssh.port.",
		isHost,
	}
	aJump = grammar{
		"a jump host", "Write [user@]host[:port], as ops@jump.example.net:22, or \"\" for none.", isJump,
	}
	anEndpoint = grammar{
		"a place with a port", "Write a DNS name or an address and a port, as one.one.one.one:443.", isEndpoint,
	}
	anImage = grammar{
		"an image reference", "Write repository:tag, as airdroid/vernemq:1.6.1.", isImage,
	}
	aContainer = grammar{
		"a container name", "Write letters, digits, dots, dashes and underscores, as vernemq-release-cn-1.",
		pattern(`[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}`),
	}
	aUser = grammar{
		"a user name", "Write a login name, as ops.", pattern(`[A-Za-z_][A-Za-z0-9_.-]{0,31}`),
	}
	aFolder = grammar{
		"an absolute path", "Write a clean path from the root, without colons, as /etc/vernemq.", isFolder,
	}
	aLocalPath = grammar{
		"a path", "Write a path on this machine, as ~/.ssh/id_ed25519.", isLocalPath,
	}
	aTitle = grammar{
		"a title", "Write up to 60 printable characters on one line, as China.",
		func(s string) bool { return len([]rune(s)) <= 60 && isPrintable(s) },
	}
	aLogin = grammar{
		"a user name", "Write up to 128 printable characters.",
		func(s string) bool { return len(s) <= 128 && isPrintable(s) },
	}
	aTopic = grammar{
		"a topic prefix", "Write levels without wildcards, as vmqbot/probe.",
		pattern(`[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+){0,9}`),
	}
	aChannel = grammar{
		"a Slack channel id", "Write the channel's id, as C0123ABCD, not its name.", pattern(`[CDG][A-Z0-9]{2,20}`),
	}
	aTeam = grammar{
		"a Slack team id", "Write the workspace's id, as T01ABCD.", pattern(`[TE][A-Z0-9]{2,20}`),
	}
	aMember = grammar{
		"a Slack id", "Write a user id, as U012AB3CD, or a user-group id, as S0ONCALL.", pattern(`[UWS][A-Z0-9]{2,20}`),
	}
	aPerson = grammar{
		"a Slack user id", "Write a user's id, as U012AB3CD, not a name.", pattern(`[UW][A-Z0-9]{2,20}`),
	}
	aGroup = grammar{
		"a Slack user-group id", "Write a user group's id, as S0ONCALL; single people stand under people.", pattern(`S[A-Z0-9]{2,20}`),
	}
	aVerb = grammar{
		"a verb", "Write the verb as it is typed, as reattach or conf push.", pattern(`[a-z][a-z0-9-]{0,31}(?: [a-z][a-z0-9-]{0,31})?`),
	}
	aCheck = grammar{
		"a check", "Write the check's name, as ip.", pattern(`[a-z][a-z0-9-]{0,31}`),
	}
)

var (
	isDNSName = pattern(`[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*`)
	isNumeric = pattern(`[0-9.]+`)
	// A first part with a dot, a port or the name localhost is a registry, and
	// only there may capitals stand.
	isRepo = pattern(`(?:(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+(?::[0-9]{1,5})?|[a-zA-Z0-9-]+:[0-9]{1,5}|localhost)/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*` +
		`(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?`)
	isPathText = pattern(`[^\x00-\x1f\x7f:,"'\\]+`)
)

// isHost refuses 10.0.0.300, which DNS would accept as a name.
func isHost(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return !a.IsUnspecified() && !a.IsMulticast() && a.Zone() == ""
	}
	return len(s) <= 253 && isDNSName(s) && !isNumeric(s)
}

func isJump(s string) bool {
	if s == "" {
		return true
	}
	if user, rest, found := strings.Cut(s, "@"); found {
		if !aUser.ok(user) {
			return false
		}
		s = rest
	}
	if isHost(s) {
		return true
	}
	host, port, found := cutLast(s, ":")
	n, err := strconv.Atoi(port)
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return found && err == nil && n >= 1 && n <= 65535 && isHost(host)
}

// IsImage reports whether s reads as an image reference: repository:tag.
func IsImage(s string) bool { return isImage(s) }

func isImage(s string) bool { return len(s) <= 255 && isRepo(s) }

func isFolder(s string) bool {
	return path.IsAbs(s) && path.Clean(s) == s && s != "/" && isPathText(s) && isPrintable(s)
}

func isLocalPath(s string) bool {
	home := strings.HasPrefix(s, "~/")
	return isPrintable(s) && !strings.HasPrefix(s, "-") && (home || !strings.HasPrefix(s, "~"))
}

// isPrintable also refuses what is printed as nothing: zero-width characters.
func isPrintable(s string) bool {
	return strings.TrimSpace(s) == s && s != "" && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func isEndpoint(s string) bool {
	host, port, found := cutLast(s, ":")
	n, err := strconv.Atoi(port)
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return found && err == nil && n >= 1 && n <= 65535 && isHost(bare) && (bare != host) == strings.Contains(bare, ":")
}
