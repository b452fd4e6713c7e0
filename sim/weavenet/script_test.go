package weavenet_test

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/weave"
)

// What the script says beside the recorded runs, from its own source.
func TestScript(t *testing.T) {
	help := func(t *testing.T) string { return readSample(t, "weave-status-help.txtar").stderr }
	bubble(t, "before a launch", func(t *testing.T, f *fleet) {
		eu := f.hosts["eu"]
		usage := help(t)
		none := "weave container is not present. Have you launched it?\n"
		eu.wants("weave", 1, usage)
		eu.wants("weave help", 0, usage)
		eu.wants("weave --help", 0, usage)
		eu.wants("weave attach --help", 0, usage)
		eu.wants("weave stop now", 1, usage)
		eu.wants("weave reset --now", 1, usage)
		eu.wants("weave report -f", 1, usage)
		eu.wants("weave rmpeer", 1, usage)
		eu.wants("weave forget", 1, usage)
		eu.wants("weave --local version", 0, "weave 2.8.1\n")
		eu.wants("weave version now", 1, "weave script 2.8.1\n"+usage)
		eu.wants("weave setup", 0, "")
		eu.wants("weave run x", 1, "The 'weave run' command has been removed as of Weave Net version 2.0\nPlease see release notes for further information\n")
		eu.wants("weave connect 10.78.0.12", 7, none)
		eu.wants("weave forget 10.78.0.12", 7, none)
		eu.wants("weave prime", 7, none)
		eu.wants("weave rmpeer us", 1, none)
		eu.wants("weave config", 1, "")
		eu.wants("weave env", 0, "")
		eu.wants("weave env --restore", 1, "Nothing to restore. This is most likely because there was no preceding invocation of 'eval $(weave env)' in this shell.\n")
		eu.wants("weave reset", 0, "Weave is not running (ignore on Kubernetes).\n")
		eu.wants("weave attach 10.32.1.1/24 c1", 1, "bridge \"weave\" not present; did you launch weave?\n")
		eu.wants("weave detach 10.32.1.1/24 c1", 1, "Link not found\n")
	})
	bubble(t, "while it runs", func(t *testing.T, f *fleet) {
		f.mesh("eu")
		eu := f.hosts["eu"]
		eu.wants("weave launch", 3, "weave is already running; you can stop it with 'weave stop'.\n")
		eu.wants("weave env", 0, "export DOCKER_HOST=unix:///var/run/weave/weave.sock ORIG_DOCKER_HOST=\n")
		eu.wants("weave config", 0, "-H=unix:///var/run/weave/weave.sock\n")
		eu.wants("weave dns-args", 0, "--dns=172.17.0.1 --dns-search=weave.local.")
		eu.wants("weave docker-bridge-ip", 0, "172.17.0.1")
		eu.wants("weave report -f {{.Router.NickName}}/{{.IPAM.Range}}", 0, "eu/10.32.0.0/12")
		eu.wants("weave report -f {{json.}}", 1, "template: format:1: unexpected <.> in operand\n")
		eu.wants("weave attach --without-dns 10.32.1.9/24 c1", 1, help(t)) // flags stand after addresses
		eu.wants("weave attach 10.32.1.9/24 --without-dns c1", 0, "10.32.1.9\n")
		eu.wants("weave attach ip:10.32.1.8/24 net:10.33.0.0/24 c1", 0, "10.32.1.8 10.33.0.1\n")
		eu.wants("weave ps c1 nosuch c1", 0, "c1 MAC 10.32.1.1/24 10.32.1.9/24 10.32.1.8/24 10.33.0.1/24\nc1 MAC 10.32.1.1/24 10.32.1.9/24 10.32.1.8/24 10.33.0.1/24\n")
		eu.wants("weave connect --replace 10.78.0.12 :1", 1, "invalid peer name \":1\", should be host[:port]\n")
		eu.wants("weave status targets", 0, "10.78.0.12\n")
		eu.wants("weave prime", 0, "")
		eu.docker.mu.Lock()
		eu.docker.down = true
		eu.docker.mu.Unlock()
		eu.wants("weave status", 125, "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?.\nSee 'docker run --help'.\n")
		eu.wants("weave --local status targets", 0, "10.78.0.12\n")
	})
	bubble(t, "a launch that fails", func(t *testing.T, f *fleet) {
		eu := f.hosts["eu"]
		const died = "The weave container has died. Consult the container logs for further details.\n"
		for _, flags := range []string{"--nonsense", "--ipalloc-init=never", "--conn-limit x", "--resume 10.78.0.12", "--ipalloc-range 10.32.0.1/12", "--name"} {
			eu.wants("weave launch "+flags, 1, died)
		}
		eu.wants("weave launch --password", 1, help(t))
		eu.ok("weave reset --force")
		eu.m.Net.Plug("eth1", f.f.Segment("vpc", nil), netip.MustParsePrefix("10.40.0.7/16"))
		eu.wants("weave launch", 1, "Network 10.32.0.0/12 overlaps with existing route 10.40.0.0/16 on host\nERROR: Default --ipalloc-range 10.32.0.0/12 overlaps with existing route on host.\nYou must pick another range and set it on all hosts.\n")
		eu.ok("weave launch --no-dns --no-restart --nickname europe --plugin=false --proxy=false --ipalloc-range 10.40.0.0/16")
		eu.says("weave status", "(europe)", true)
		for _, absent := range []string{"Service: dns", "Service: proxy", "Service: plugin"} {
			eu.says("weave status", absent, false)
		}
	})
	bubble(t, "the address of docker0 changes", func(t *testing.T, f *fleet) {
		eu := f.hosts["eu"]
		eu.ok("weave launch")
		eu.m.Net.UnplugDev("docker0")
		eu.m.Net.Plug("docker0", eu.docker.bridge, netip.MustParsePrefix("172.26.0.1/16"))
		_ = eu.docker.Stop("weave")
		_ = eu.docker.Start("weave")
		f.settle()
		if r := eu.run("weave status"); r.exit != 1 || !strings.Contains(r.stderr, "weave container is") {
			t.Errorf("weave status: %+v", r)
		}
		if log := eu.log(); !strings.Contains(log, "Unable to start dns server: listen udp 172.17.0.1:53: bind: cannot assign requested address\n") {
			t.Errorf("log:\n%s", log)
		}
		_ = eu.docker.Kill("weave")
		eu.ok("weave launch")
	})
}

// The report is read by the same parser as the real one.
func TestReport(t *testing.T) {
	bubble(t, "parsed", func(t *testing.T, f *fleet) {
		f.mesh(hostNames...)
		eu := f.hosts["eu"]
		out := eu.ok("weave report")
		r, err := weave.ParseReportAnswer(answer.Answer{Argv: []string{"weave", "report"}, Stdout: out})
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := json.Marshal(r); !strings.Contains(string(b), eu.PeerName()) {
			t.Errorf("read as %s", b)
		}
	})
}
