package weavenet

import (
	"net/url"
	"strings"
)

func peerArgs(peers []string) url.Values { return url.Values{"peer": peers} }

func (s *script) connect(args []string) int {
	if len(args) == 0 {
		return s.usage()
	}
	form := url.Values{}
	if args[0] == "--replace" {
		form.Set("replace", "true")
		args = args[1:]
	}
	for _, p := range args {
		form.Add("peer", p)
	}
	return s.show(s.callWeave("POST", "/connect", form))
}

func (s *script) forget(args []string) int {
	if len(args) == 0 {
		return s.usage()
	}
	return s.show(s.callWeave("POST", "/forget", peerArgs(args)))
}

func (s *script) status(args []string) int {
	frame := ""
	if len(args) == 0 {
		frame = "\n"
	}
	s.p.Printf("%s", frame)
	code := s.show(s.callWeave("GET", strings.Join(append([]string{"/status"}, args...), "/"), nil))
	if code == 4 {
		s.p.Errorf("Invalid 'weave status' sub-command: %s\n", strings.Join(args, " "))
		return s.usage()
	}
	s.p.Printf("%s", frame)
	return min(code, 1)
}

func (s *script) report(args []string) int {
	if len(args) == 0 {
		return s.show(s.callWeave("GET", "/report", nil, "Accept", "application/json"))
	}
	if len(args) != 2 || args[0] != "-f" {
		return s.usage()
	}
	return s.show(s.callWeave("GET", "/report?"+url.Values{"format": {args[1]}}.Encode(), nil))
}

func (s *script) rmpeer(args []string) int {
	if len(args) == 0 {
		return s.usage()
	}
	code := 0
	for _, peer := range args {
		if s.show(s.callWeave("DELETE", "/peer/"+url.PathEscape(peer), nil)) != 0 {
			code = 1
		}
	}
	return code
}

func (s *script) prime([]string) int { return s.show(s.callWeave("GET", "/ring", nil)) }
