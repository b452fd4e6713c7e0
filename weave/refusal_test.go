package weave

import (
	"errors"
	"strings"
	"testing"

	"vmqbot/answer"
)

// Refusals that no recorded run shows, in the words of the script's and of
// weaveutil's source, of curl and of docker.
var spoken = []struct {
	command string
	exit    int
	stderr  string
	kind    answer.Kind
	details string // see brief
	next    string // part of the advice
}{
	{"weave launch 203.0.113.7", 3, "weave is already running; you can stop it with 'weave stop'.\n", AlreadyRunning, "weave", "`weave connect PEER...`"},
	{"weave launch", 1, "Weave Net is already running\n", AlreadyRunning, "", "`docker ps`"},
	{"weave launch", 1, "weave is created, paused, or restarting; you can stop it with 'weave stop'.\n", Unsettled, "weave", "`weave stop`"},
	{"weave status", 1, "weave container is restarting.\n", Unsettled, "weave", "`docker logs --tail 50 weave`"},
	{"weave connect 203.0.113.7", 7, "weave2 container is not running.\n", NotRunning, "weave2", "`docker logs --tail 50 weave2`"},
	{"weave launch", 2, "Found another running container named 'weave'. Aborting.\n", NameTaken, "weave", "`docker inspect weave`"},
	{"weave launch", 1, "WEAVE_NO_FASTDP is not set, but there is already a bridge present of\nthe wrong type for fast datapath.  Please do 'weave reset' to remove\nthe bridge first.\n", WrongBridge, "", "WEAVE_NO_FASTDP"},
	{"weave launch", 1, "WEAVE_NO_FASTDP is set, but there is already a weave fast datapath\nbridge present.  Please do 'weave reset' to remove the bridge first.\n", WrongBridge, "", "WEAVE_NO_FASTDP"},
	{"weave launch", 1, "Network 10.32.0.0/12 overlaps with existing route 10.32.0.0/16 on host\nERROR: Default --ipalloc-range 10.32.0.0/12 overlaps with existing route on host.\nYou must pick another range and set it on all hosts.\n", RangeOverlap, "10.32.0.0/12", "--ipalloc-range"},
	{"weave attach 10.0.0.9/24 app-9", 1, "unable to inspect container app-9: API error (400): client version 1.18 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version\n", DockerTooNew, "", "DOCKER_MIN_API_VERSION=1.24"},
	{"weave status", 1, "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?.\nSee 'docker run --help'.\n", DockerDown, "", "`systemctl status docker`"},
	{"weave ps", 1, "docker: Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix\n", answer.Forbidden, "", "root"},
	{"weave --local ps", 1, "weave must be run as 'root' when run locally\n", answer.Forbidden, "", "root"},
	{"weave ps", 127, "bash: weave: command not found\n", NotInstalled, "", "Install"},
	{"weave ps", 127, "sh: 1: weave: not found\n", NotInstalled, "", "Install"},
	{"weave attach 10.0.0.9/24 app-9", 1, "Unable to claim: address 10.0.0.9/24 already in use by weave:expose\n", OwnedByContainer, "10.0.0.9/24; weave:expose", "`weave detach 10.0.0.9/24`"},
	{"weave attach 10.0.0.9/24 app-9", 1, "Unable to claim: address 10.0.0.9/24 already in use\n", OwnedByContainer, "10.0.0.9/24", "`weave ps`"},
	{"weave attach 10.0.0.9/24 app-9", 1, "Unable to claim: address 10.0.0.9/24 is owned by other peer 0a:0b:0c:0d:0e:0f (hk (old) rack) - unable to communicate\n", OwnedByPeer, "10.0.0.9/24; 0a:0b:0c:0d:0e:0f; hk (old) rack", "`weave detach`"},
	{"weave attach 10.0.0.9/24 app-9", 1, "Unable to claim: address 10.0.0.9/24 is owned by other peer 0a:0b:0c:0d:0e:0f\n", OwnedByPeer, "10.0.0.9/24; 0a:0b:0c:0d:0e:0f", "another host"},
	{"weave attach 10.0.0.9/24 app-9", 1, "Container app-9 died\n", ContainerStopped, "app-9", "`docker start app-9`"},
	{"weave attach net:default app-9", 1, "IP address allocation must be enabled to use 'net:'\n", answer.Refused, "", "10.0.0.1/24"},
	{"weave detach app-9", 4, "", NotAttached, "", "`weave detach ADDRESS/LENGTH CONTAINER`"},
	{"weave connect sg-1", 1, "lookup sg-1: no such host\n", UnknownHost, "sg-1", "address instead"},
	{"weave connect :80 203.0.113.7", 1, "invalid peer name \":80\", should be host[:port]\n", answer.Usage, ":80", "host:port"},
	{"weave connect 203.0.113.7", 28, "curl: (28) Connection timed out after 3001 milliseconds\n", answer.TimedOut, "", "`weave status`"},
	{"weave status", 1, "curl: (7) Failed to connect to 127.0.0.1 port 6784: Connection refused\n", NotAnswering, "", "`docker logs --tail 50 weave`"},
	{"weave run 10.0.0.9/24 -ti app", 1, "The 'weave run' command has been removed as of Weave Net version 2.0\nPlease see release notes for further information\n", answer.Usage, "", "`weave --help`"},
	{"weave expose 10.0.0.250/24", 1, "bridge \"weave\" not present; did you launch weave?\n", NotRunning, "weave", "`weave launch PEER...`"},
}

func TestRefusals(t *testing.T) {
	for _, s := range spoken {
		a := answer.Answer{Argv: strings.Fields(s.command), Exit: s.exit, Stderr: s.stderr}
		for name, variant := range pasted(a) {
			m, ok := Explain(variant)
			d, typed := m.Facts.(Details)
			if !ok || !typed || d.Refusal != s.kind || brief(d) != s.details {
				t.Errorf("%s, %q %s: %t %+v, want %s %q", s.command, s.stderr, name, ok, m.Facts, s.kind, s.details)
			}
			if !strings.Contains(m.Meaning, s.next) {
				t.Errorf("%q means %q, which does not say %q", s.stderr, m.Meaning, s.next)
			}
		}
	}
}

// The same words with exit 0 contradict themselves, and words that weave is
// not known for mean nothing.
func TestNoRefusal(t *testing.T) {
	for _, s := range spoken {
		if m, ok := Explain(answer.Answer{Argv: []string{"weave", "status"}, Stdout: s.stderr}); ok {
			t.Errorf("%q with exit 0 was taken for %q", s.stderr, m.Meaning)
		}
	}
	for _, words := range []string{"", "\n\n", "Segmentation fault\n", "weave container is not", "my weave container is not running. Why?\n"} {
		_, err := ParseConnections(answer.Answer{Argv: StatusConnections(), Exit: 1, Stderr: words})
		var no *answer.Refusal
		if !errors.As(err, &no) || no.Kind != answer.Garbled || !strings.Contains(no.Reason, " ") {
			t.Errorf("%q with exit 1: %v, want a refusal as garbled", words, err)
		}
	}
}

// Callers compare kinds: what is down in any way must be found by one.
func TestKindsThatCallersCompare(t *testing.T) {
	if NotRunning != answer.Down {
		t.Error("a router that is down must have the kind that every dialect shares")
	}
	_, err := ParseAttach(answer.Answer{Argv: strings.Fields("weave attach 10.0.0.1/24 c1"), Exit: 1, Stderr: "bridge \"weave\" not present; did you launch weave?\n"})
	var no *answer.Refusal
	if !errors.As(err, &no) || no.Kind != answer.Down || DetailsOf(no).Router != "weave" {
		t.Errorf("attach without a bridge: %v", err)
	}
	if d := DetailsOf(answer.Refuse(answer.TimedOut, "words of somebody else", "no")); d != (Details{Refusal: answer.TimedOut, Said: "words of somebody else"}) {
		t.Errorf("details of a foreign refusal: %+v", d)
	}
}
