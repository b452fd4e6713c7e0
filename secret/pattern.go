package secret

import (
	"regexp"
	"strings"
)

// patterns find secrets that nobody told us: tokens of Slack, private keys,
// the cookie of Erlang, and values that are set to a name of a password.
var patterns = []struct {
	re   *regexp.Regexp
	keep int // the group that stays before the redaction; 0 for nothing
}{
	{regexp.MustCompile(`\bx(?:ox[a-z]|app|wfp)-[A-Za-z0-9][A-Za-z0-9-]{7,}`), 0},
	{regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)`), 0},
	{regexp.MustCompile(`(?i)((?:\bdistributed_cookie\s*[=:]\s*|-setcookie\s+)["']?)[^\s"']+`), 1},
	{regexp.MustCompile(`(?i)(\b[\w.-]*(?:password|passwd|secret|api_key|token)["']?[ \t]*[=:][ \t]*["']?)[^\s"',;}]+`), 1},
}

// byPattern redacts what looks like a secret. A switch is none, whatever it is
// called: plugins.vmq_passwd = on.
func byPattern(s string) string {
	for _, p := range patterns {
		s = p.re.ReplaceAllStringFunc(s, func(found string) string {
			kept := ""
			if p.keep > 0 {
				kept = p.re.FindStringSubmatch(found)[p.keep]
			}
			switch value := strings.TrimPrefix(found, kept); value {
			case "on", "off", "true", "false", "none", "undefined", "%s", redacted, redacted[:len(redacted)-1]:
				return found
			default:
				return kept + redacted
			}
		})
	}
	return s
}
