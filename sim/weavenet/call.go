package weavenet

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// result is what a command printed, before anybody sees it.
type result struct {
	exit           int
	stdout, stderr string
}

// httpCall asks the router as the script's curl does: 2xx is output, 404 is an
// exit status of 4 and silent, everything else goes to the standard error.
func (s *script) httpCall(method, path string, form url.Values, headers ...string) result {
	dialer := func() *http.Transport {
		return &http.Transport{DialContext: s.p.Net.DialContext, DisableKeepAlives: true}
	}
	req, err := http.NewRequestWithContext(s.p.Context(), method, "http://"+s.httpAddr()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return result{exit: 3, stderr: "curl: (3) URL using bad/illegal format or missing URL\n"}
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := (&http.Client{Transport: dialer()}).Do(req)
	if err != nil {
		return s.curlError(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return s.curlError(err)
	case resp.StatusCode/100 == 2:
		return result{stdout: string(body)}
	case resp.StatusCode == http.StatusNotFound:
		return result{exit: 4}
	}
	return result{exit: 1, stderr: string(body)}
}

func (s *script) httpAddr() string {
	if addr := s.p.Env["WEAVE_HTTP_ADDR"]; addr != "" {
		return addr
	}
	return "127.0.0.1:6784"
}

func (s *script) curlError(err error) result {
	host, port, _ := net.SplitHostPort(s.httpAddr())
	if errors.Is(err, syscall.ECONNREFUSED) {
		return result{exit: 7, stderr: "curl: (7) Failed to connect to " + host + " port " + port + ": Connection refused\n"}
	}
	return result{exit: 52, stderr: "curl: (52) Empty reply from server\n"}
}

// callWeave is httpCall; when it fails it says why: first of all whether the
// router's container runs.
func (s *script) callWeave(method, path string, form url.Values, headers ...string) result {
	r := s.httpCall(method, path, form, headers...)
	if r.exit != 0 {
		if why, state := s.checkRunning(routerName); state != 0 {
			r.stderr = why
		}
	}
	return r
}

// show prints what was answered and returns the exit status.
func (s *script) show(r result) int {
	s.p.Printf("%s", r.stdout)
	s.p.Errorf("%s", r.stderr)
	return r.exit
}

// checkRunning says what is wrong with a container: 1 when there is none, 2
// when it does not run.
func (s *script) checkRunning(name string) (why string, code int) {
	c, err := s.d.Find(name)
	switch {
	case err != nil:
		return name + " container is not present. Have you launched it?\n", 1
	case c.State == "restarting":
		return name + " container is restarting.\n", 2
	case c.State != "running":
		return name + " container is not running.\n", 2
	}
	return "", 0
}

// weaveRunning is the script's when_weave_running.
func (s *script) weaveRunning() bool {
	_, code := s.checkRunning(routerName)
	return code == 0
}
