package weavenet_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/sim/fabric"
)

// interfaces reads what ip addr or ip -br addr printed: the addresses by
// interface. Docker's own bridges and pairs are left out.
func interfaces(printed string) []string {
	var found []string
	full := regexp.MustCompile(`^\d+: ([^:@]+)[:@]`)
	for line := range strings.Lines(printed) {
		words := strings.Fields(line)
		if m := full.FindStringSubmatch(line); m != nil {
			found = append(found, m[1])
		} else if len(words) > 1 && words[0] == "inet" {
			found[len(found)-1] += " " + words[1]
		} else if len(words) > 2 && (words[1] == "UP" || words[1] == "UNKNOWN") {
			dev, _, _ := strings.Cut(words[0], "@")
			found = append(found, strings.Join(append([]string{dev}, words[2:]...), " "))
		}
	}
	return ownInterfaces(found)
}

func interfacesOf(space *fabric.Space) []string {
	var found []string
	for _, dev := range space.Devs() {
		line := dev
		for _, a := range space.Addresses() {
			if a.Dev == dev {
				line += " " + a.Prefix.String()
			}
		}
		found = append(found, line)
	}
	return ownInterfaces(found)
}

func ownInterfaces(all []string) []string {
	all = slices.DeleteFunc(all, func(line string) bool {
		return regexp.MustCompile(`^veth[0-9a-f]{7}\b`).MatchString(line)
	})
	for i := range all {
		all[i] = regexp.MustCompile(`^vethwepl\d+`).ReplaceAllString(all[i], "vethweplPID")
	}
	slices.Sort(all)
	return all
}

func compareInterfaces(t *testing.T, space *fabric.Space, printed string) {
	t.Helper()
	if got, want := interfacesOf(space), interfaces(printed); !slices.Equal(got, want) {
		t.Errorf("interfaces\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// compareRoutes compares the routes that come with addresses; the default and
// the multicast route are not kept by the fabric.
func compareRoutes(t *testing.T, h *host, printed string) {
	t.Helper()
	var want, got []string
	for line := range strings.Lines(printed) {
		if w := strings.Fields(line); strings.Contains(line, " src ") {
			want = append(want, w[0]+" "+w[2]+" "+w[len(w)-1])
		}
	}
	for _, a := range h.space("c1").Addresses() {
		if a.Dev != "lo" {
			got = append(got, fmt.Sprint(a.Prefix.Masked(), " ", a.Dev, " ", a.Prefix.Addr()))
		}
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("routes %q, want %q", got, want)
	}
}

// comparePing compares whether anything came back. The recorded pings after a
// start found the mesh half up; here they may find it up a moment sooner.
func comparePing(t *testing.T, h *host, want sample) {
	t.Helper()
	words := strings.Fields(want.command)
	got := h.reaches("c1", words[len(words)-1])
	if back := want.exit == 0; got != back {
		t.Errorf("%s: passes %t, want %t", want.command, got, back)
	}
	if strings.Contains(want.stdout, "100% packet loss") || netip.MustParseAddr(words[len(words)-1]) == h.at.Addr() {
		return
	}
	pass(time.Second)
	if !h.reaches("c1", words[len(words)-1]) {
		t.Errorf("%s: it does not last", want.command)
	}
}

// compareContainers compares names, images and states with what docker ps
// printed; the lab's own containers are not weave's.
func compareContainers(t *testing.T, h *host, printed string) {
	t.Helper()
	var want, got []string
	for line := range strings.Lines(printed) {
		cols := regexp.MustCompile(`\s{2,}`).Split(strings.TrimSpace(line), -1)
		if name := cols[len(cols)-1]; strings.HasPrefix(name, "weave") {
			state, _, _ := strings.Cut(cols[4], " ")
			want = append(want, fmt.Sprint(name, " ", cols[1], " ", state))
		}
	}
	states := map[string]string{"running": "Up", "created": "Created", "exited": "Exited"}
	for _, c := range h.docker.All() {
		if strings.HasPrefix(c.Name, "weave") {
			got = append(got, fmt.Sprint(c.Name, " ", c.Image, " ", states[c.State]))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("containers %q, want %q", got, want)
	}
}

// compareCrashed compares the state of a router that died at its start: its
// container, the end of its log, and weave status.
func compareCrashed(t *testing.T, h *host, want sample) {
	t.Helper()
	c, err := h.docker.Find("weave")
	if err != nil || c.State != "exited" || !strings.HasPrefix(want.stdout, "weave Exited (1)") {
		t.Errorf("the container is %s: %v", c.State, err)
	}
	log := h.log()
	last := func(s, before string) string {
		s, _, _ = strings.Cut(s, before)
		lines := strings.Split(strings.TrimSpace(s), "\n")
		return regexp.MustCompile(`^FATA: [0-9/]+ [0-9:.]+ `).ReplaceAllString(lines[len(lines)-1], "FATA: TIME ")
	}
	const status = "weave container is not running."
	if got, want := last(log, status), last(want.stderr, status); got != want {
		t.Errorf("log ends %q, want %q", got, want)
	}
	if r := h.run("weave status"); r.exit != want.exit || r.stderr != status+"\n" {
		t.Errorf("weave status: %+v", r)
	}
}

// compareTranscript compares what was recorded around a failure: the
// container's interfaces, and weave ps with and without its name.
func compareTranscript(t *testing.T, h *host, printed string, anyDialer bool) {
	t.Helper()
	addresses, rest, _ := strings.Cut(printed, "-- exit 0\n")
	if i := strings.Index(addresses, "1: lo:"); i > 0 {
		compareContainers(t, h, addresses[:i])
		addresses = addresses[i:]
	}
	compareInterfaces(t, h.space("c1"), addresses)
	if one, is := strings.CutPrefix(rest, "weave:expose"); is { // the reboot: weave ps, then weave status connections
		ps, connections, _ := strings.Cut(one, "\n")
		compare(t, h, h.run("weave ps"), ran{stdout: "weave:expose" + ps + "\n"}, false)
		compare(t, h, h.run("weave status connections"), ran{stdout: connections}, anyDialer)
		return
	}
	for part := range strings.SplitSeq(rest, "-- exit 0\n") {
		if command, want, ok := strings.Cut(strings.TrimPrefix(part, "-- "), "\n"); ok && command != "" {
			compare(t, h, h.run(command), ran{stdout: want}, false)
		}
	}
}
