package vernemq

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Response is what the web port (8888) answered to curl.
type Response struct {
	Status int               // 0 when curl was not asked for the head (-i)
	Header map[string]string // names in lower case
	Body   string
}

var (
	statusLine = regexp.MustCompile(`\AHTTP/\d(?:\.\d)? (\d{3})(?: .*)?\z`)
	curlError  = regexp.MustCompile(`\Acurl: \((\d+)\) (.+)`)
)

// ParseHTTP reads what `curl -sS -i URL` printed. It refuses answer.Down when
// nobody listens, answer.TimedOut, answer.Forbidden (401, 403),
// answer.NotFound (404), answer.Usage (400) and other errors as Failed; 503
// is an answer of /health and is returned.
func ParseHTTP(a answer.Answer) (Response, error) {
	if r := curlTrouble(a); r != nil {
		return Response{}, r
	}
	r, ok := splitResponse(strings.ReplaceAll(a.Stdout, "\r\n", "\n"))
	if !ok || a.Exit != 0 {
		return Response{}, garbled(a, a.Stdout)
	}
	switch {
	case r.Status == 401, r.Status == 403:
		return Response{}, answer.Refuse(answer.Forbidden, firstLine(a.Stdout), "the web port wants an API key here: create one with `vmq-admin api-key create` and pass it with `curl -u KEY:`.")
	case r.Status == 404:
		return Response{}, answer.Refuse(answer.NotFound, firstLine(a.Stdout), "the web port has nothing under this path: /health exists since 1.7, /health/ping and /health/listeners since 2.0, and each needs its http_module on this listener.")
	case r.Status == 400:
		return Response{}, answer.Refuse(answer.Usage, firstLine(a.Stdout), "the web port did not understand the command in the path: /api/v1/ takes the words of vmq-admin, for example /api/v1/cluster/show.")
	case r.Status != 0 && r.Status != 200 && r.Status != 503:
		return Response{}, answer.Refuse(Failed, firstLine(a.Stdout), "the web port answered with status %d: look at the error.log of the node.", r.Status)
	}
	return r, nil
}

// curlTrouble reads curl's own words on standard error. With -s it has none,
// and only its exit status tells.
func curlTrouble(a answer.Answer) *answer.Refusal {
	a.Stderr = without(curlNote, clean(a.Stderr))
	errs := bare(a.Stderr)
	m := curlError.FindStringSubmatch(errs)
	switch {
	case m != nil:
		return curlRefusal(m[1], strings.TrimRight(m[2], "."), errs)
	case errs == "" && bare(a.Stdout) == "" && slices.Contains([]string{"6", "7", "28", "52", "56"}, strconv.Itoa(a.Exit)):
		return curlRefusal(strconv.Itoa(a.Exit), "", "")
	}
	return troubleOf(a)
}

func curlRefusal(code, why, raw string) *answer.Refusal {
	switch code {
	case "7", "52", "56":
		return answer.Refuse(answer.Down, raw, "nobody answers at the web port: the broker is down, its HTTP listener is bound to another address (127.0.0.1 in the container by default), or the address is missing. Look with `diagnose`.")
	case "28":
		return answer.Refuse(answer.TimedOut, raw, "the web port did not answer in time. /status.json asks every node and hangs while one is cut off: look with `diagnose`.")
	case "6":
		return answer.Refuse(answer.NotFound, raw, "the host name in the URL is not known here: use the address.")
	}
	return answer.Refuse(Failed, raw, "the request failed, curl says: %s.", why)
}

// splitResponse parts head and body. The head ends with a blank line; of
// several heads (100 Continue, a proxy) the last counts.
func splitResponse(s string) (r Response, ok bool) {
	s = strings.TrimLeft(s, "\n")
	if !strings.HasPrefix(s, "HTTP/") {
		r.Body = s
		return r, strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || strings.HasPrefix(s, "#")
	}
	for strings.HasPrefix(s, "HTTP/") {
		head, body, found := strings.Cut(s, "\n\n")
		lines := strings.Split(strings.TrimRight(head, "\n"), "\n")
		m := statusLine.FindStringSubmatch(strings.TrimSpace(lines[0]))
		if m == nil || !found && !strings.HasSuffix(s, "\n") {
			return r, false
		}
		r = Response{Header: map[string]string{}, Body: body}
		r.Status, _ = strconv.Atoi(m[1])
		for _, line := range lines[1:] {
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				return r, false
			}
			r.Header[strings.ToLower(name)] = strings.TrimSpace(value)
		}
		if !found && r.Header["content-length"] != "0" {
			return r, false
		}
		s = body
	}
	return r, true
}

// short reports that the body has fewer bytes than its head announces, a
// final newline aside, which is how a text body shows that it was cut.
func (r Response) short() bool {
	n, err := strconv.Atoi(r.Header["content-length"])
	return err == nil && len(strings.TrimRight(r.Body, "\n")) < n-1
}

// ParseHTTPMetrics reads the answer of curl for /metrics.
func ParseHTTPMetrics(a answer.Answer) ([]Sample, error) {
	r, err := ParseHTTP(a)
	if err != nil {
		return nil, err
	}
	if r.short() || r.Status == 503 {
		return nil, cutMetrics(firstLine(r.Body))
	}
	return ParsePrometheus(r.Body)
}

func explainHTTPMetrics(a answer.Answer) (any, string, error) {
	samples, err := ParseHTTPMetrics(a)
	return map[string]any{"samples": samples}, SumMetrics(samples).say(), err
}
