package commands

import (
	"regexp"
	"slices"
	"strconv"
)

var (
	// leastAPI is the oldest Docker API that takes a container with a health check
	// and a stop timeout (Docker 1.13). The Docker client speaks 1.24 and later, and
	// refuses to create such a container below this one.
	leastAPI = []int{1, 25}
	// goodWeave is the first weave whose attach speaks an API that Docker takes from
	// 25 on (strictAPI); before it asks with 1.18 (weave#4002, domain.md 1.6).
	goodWeave, strictAPI = []int{2, 8, 3}, []int{25}
)

// engineReady refuses an engine that cannot make what deploy makes: it would be
// seen only when a node's turn has come.
func engineReady(s site, say sayFunc) {
	docker, _ := s.seen.Docker.Get()
	switch api := numbers(docker.APIVersion); {
	case api == nil:
		say(s.node.Name, "diagnose "+s.node.Name, "which API its Docker speaks cannot be seen (it says %q), and 1.25 is needed", docker.APIVersion)
	case slices.Compare(api, leastAPI) < 0:
		say(s.node.Name, "diagnose "+s.node.Name, "its Docker %s speaks API %s at most, and a container with a health check and a stop timeout needs 1.25: install Docker 1.13 or later", docker.Version, docker.APIVersion)
	}
}

// tellAttach warns of a host on which weave may have lost Docker: what runs
// there keeps its address until it is stopped, and then nothing gets one.
// Whether dockerd was told to take the old API cannot be seen, so it refuses
// nothing.
func (d *deployment) tellAttach(s site) {
	docker, _ := s.seen.Docker.Get()
	report, _ := s.seen.Weave.Get()
	engine, router := numbers(docker.Version), numbers(report.Version)
	if engine == nil || router == nil || slices.Compare(engine, strictAPI) < 0 || slices.Compare(router, goodWeave) >= 0 {
		return
	}
	d.note("price: weave %s on %s asks Docker with API 1.18, and Docker %s refuses that unless it was told otherwise: see that weave ps works there, or the new container gets no address, and the old one none either", report.Version, s.node.Name, docker.Version)
}

var versionNumbers = regexp.MustCompile(`^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?`)

// numbers are the numbers of a version, as 20, 10, 24 of 20.10.24+dfsg1; nil
// when it is none.
func numbers(version string) (all []int) {
	m := versionNumbers.FindStringSubmatch(version)
	for _, part := range m[min(1, len(m)):] {
		if n, err := strconv.Atoi(part); err == nil {
			all = append(all, n)
		}
	}
	return all
}
