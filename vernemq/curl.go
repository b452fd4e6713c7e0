package vernemq

import (
	"net/url"
	"slices"
	"strings"
)

// curlTarget finds the URL among the words of a curl command and reports
// whether VerneMQ's web port answers there: by its port 8888, or by a path
// that VerneMQ has.
func curlTarget(argv []string) (*url.URL, bool) {
	for i := len(argv) - 1; i > 0; i-- {
		w := argv[i]
		if strings.HasPrefix(w, "-") || slices.Contains(curlValued, argv[i-1]) {
			continue
		}
		if !strings.Contains(w, "://") {
			w = "http://" + w
		}
		u, err := url.Parse(w)
		if err != nil || u.Host == "" {
			continue
		}
		p := strings.TrimSuffix(u.Path, "/")
		return u, u.Port() == "8888" || p == "/metrics" || p == "/status.json" ||
			p == "/health" || strings.HasPrefix(p, "/health/") || strings.HasPrefix(p, "/api/v1/")
	}
	return nil, false
}

// curlValued are the short and long flags whose value is the next word.
var curlValued = strings.Fields("-m --max-time -u --user -H --header -o --output -w --write-out -X --request " +
	"-A --user-agent -b --cookie -c --cookie-jar -d --data -e --referer -x --proxy --connect-timeout --retry " +
	"--interface --resolve -K --config -E --cert --cacert --key")

// apiCommand turns /api/v1/session/show?--client_id=x into the vmq-admin
// command that it runs.
func apiCommand(u *url.URL) []string {
	argv := []string{"vmq-admin"}
	for w := range strings.SplitSeq(strings.TrimPrefix(u.Path, "/api/v1/"), "/") {
		if w != "" {
			argv = append(argv, w)
		}
	}
	for q := range strings.SplitSeq(u.RawQuery, "&") {
		if w, err := url.QueryUnescape(q); err == nil && w != "" {
			argv = append(argv, w)
		}
	}
	return append(argv, jsonForm)
}
