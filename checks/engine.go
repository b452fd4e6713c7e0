package checks

import (
	"strconv"
	"strings"
)

func init() {
	register(Check{
		Name: "engine", Row: "F17", Summary: "does the Docker engine still speak the API that weave speaks?", Severity: Warning,
		Needs: []string{"docker"}, Facts: machineNeed, Named: true, node: judgeEngine,
	})
}

// The versions of Docker's API that weave's own programs speak (domain.md 1.6):
// upstream to its end, and since a release of its fork.
const (
	oldWeaveAPI = 18
	newWeaveAPI = 24
)

func judgeEngine(s Subject) Observation {
	m, why := machineOf(s)
	if why != "" {
		return unknown("%s", why)
	}
	oldest, seenOK := m.MinAPI.Get()
	least, known := minor(oldest)
	if !seenOK || !known {
		return unknown("Docker on %s does not tell the oldest API that it speaks: %s", s.Node.Host, reason(m.MinAPI))
	}
	r, seenOK := s.facts().Weave.Get()
	if !seenOK || r.Version == "" {
		return unknown("Docker on %s speaks API %s and newer; which weave is there is not known: %s", s.Node.Host, oldest, reason(s.facts().Weave))
	}
	speaks := weaveSpeaks(r.Version)
	if speaks >= least {
		return ok("Docker speaks API %s and newer, weave %s speaks 1.%d", oldest, r.Version, speaks)
	}
	return bad("weave %s speaks API 1.%d, and Docker on %s speaks %s and newer", r.Version, speaks, s.Node.Host, oldest).
		effect("no message is lost yet; weave attach and launch fail on %s, so an address that is lost cannot be given back", s.Node.Host).
		byHand("on %s: weave 2.8.3 or newer of rajch/weave (with Docker 29 also DOCKER_API_VERSION=1.44), or dockerd with DOCKER_MIN_API_VERSION=1.%d in its environment", s.Node.Host, speaks)
}

// weaveSpeaks is N of the "1.N" that a version of weave speaks.
func weaveSpeaks(version string) int {
	if atLeast(version, 2, 8, 3) {
		return newWeaveAPI
	}
	return oldWeaveAPI
}

// minor is N of "1.N".
func minor(api string) (int, bool) {
	rest, is := strings.CutPrefix(api, "1.")
	n, err := strconv.Atoi(rest)
	return n, is && err == nil && n >= 0
}

// atLeast compares "2.8.3" number by number; what is no number counts as 0.
func atLeast(version string, want ...int) bool {
	have := strings.SplitN(version, ".", len(want))
	for i, w := range want {
		n := 0
		if i < len(have) {
			digits, _, _ := strings.Cut(have[i], "-")
			n, _ = strconv.Atoi(digits)
		}
		if n != w {
			return n > w
		}
	}
	return true
}
