package commands

import (
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

const buildLine = "image build cn-1 --archive /srv/vernemq-2.1.4.tar.gz --image airdroid/vernemq:2.1.4"

// TestBuildPlans: what is done, and what a build that fails leaves.
func TestBuildPlans(t *testing.T) {
	p, err := shipping(t, buildLine, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := p.String()
	for _, want := range []string{
		"copy the archive /srv/vernemq-2.1.4.tar.gz into a folder of its own",
		"$ env DOCKER_BUILDKIT=0 docker build --tag vmqbot-build:latest --build-arg BASE=debian:bookworm-slim",
		"call it airdroid/vernemq:2.1.4", "$ docker rmi airdroid/vernemq:2.1.4", "$ rm -rf .vmqbot-build",
		"the base debian:bookworm-slim is bbbbbbbbbbbb on the host of cn-1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if len(p.Locks) > 0 {
		t.Errorf("nothing that runs is touched, and %v is locked", p.Locks)
	}
	p, err = shipping(t, "image build cn-1 --archive /srv/v.tar.gz --image airdroid/vernemq:2.1.3 --base almalinux:9 --bare", nil)
	if err != nil || !strings.Contains(p.String(), "PACKAGES= ") || !strings.Contains(p.String(), "that one loses the reference and stays") || !strings.Contains(p.String(), "$ docker tag 213000000000 airdroid/vernemq:2.1.3") {
		t.Errorf("%v\n%s", err, p)
	}
}

func TestBuildRefuses(t *testing.T) {
	room := func(change func(*facts.Library)) func(*facts.Fleet) {
		return func(w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) {
				l, _ := n.Library.Get()
				change(&l)
				n.Library = facts.Saw(l)
			})
		}
	}
	for _, c := range []struct {
		name, line string
		change     func(*facts.Fleet)
		code       ops.Code
		says       string
	}{
		{"no archive", "image build cn-1 --image airdroid/vernemq:2.1.4", nil, ops.Invalid, "say --archive /PATH on the host of cn-1"},
		{"no name", "image build cn-1 --archive /srv/v.tar.gz", nil, ops.Invalid, "say --image REF"},
		{"several hosts", "image build all --archive /srv/v.tar.gz --image a:1", nil, ops.Invalid, "an image is built on one host"},
		{"no base", buildLine + " --base debian:13", nil, ops.Failed, "The base debian:13 is not on the host of cn-1: docker pull it there"},
		{"no room for layers", buildLine, room(func(l *facts.Library) { l.Disk = facts.Saw(facts.Disk{Free: 1 << 30}) }), ops.Failed, "1024 MB free under /var/lib/docker"},
		{"no room for the archive", buildLine, room(func(l *facts.Library) { l.Home = facts.Saw(facts.Disk{Free: 1 << 30}) }), ops.Failed, "1024 MB in the login user's folder"},
		{"a disk that nobody saw", buildLine, room(func(l *facts.Library) { l.Disk = facts.Missed[facts.Disk](facts.TooLate, "df hangs") }), ops.Unseen, "df hangs"},
		{"containerd", buildLine, room(func(l *facts.Library) { l.Containerd = true }), ops.Refused, "containerd keeps the images"},
		{"a host that is away", buildLine, func(w *facts.Fleet) {
			factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Host = facts.Missed[facts.Host](facts.Unreachable, "no route to it") })
		}, ops.Unseen, "no route to it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := shipping(t, c.line, c.change)
			if ops.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) || len(p.Steps) > 0 {
				t.Errorf("%s %v; %d steps", ops.CodeOf(err), err, len(p.Steps))
			}
		})
	}
}

// TestBuildWords: a word that could be an option, or leave its place, is none.
func TestBuildWords(t *testing.T) {
	for _, words := range []string{"--archive srv/v.tar.gz", "--archive /srv/../etc", "--archive /srv/-v", "--image -x", "--base -x", "--archive /a;b"} {
		if _, _, err := Parse(strings.Fields("image build cn-1 "+words), fleet(t)); ops.CodeOf(err) != ops.Invalid {
			t.Errorf("%s: %v", words, err)
		}
	}
}
