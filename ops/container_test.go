package ops_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/secret"
)

// next is what a deploy creates.
func next() ops.ContainerSpec {
	return ops.ContainerSpec{
		Name: "vernemq-release-cn-1.next", Hostname: "vernemq-release-cn-1", Image: "airdroid/vernemq:1.6.1",
		Entrypoint: []string{"sh", "-c", "while :; do\nsleep 1\ndone\n", "vmqbot-gate"}, Env: []string{"VMQBOT_ADDRESS=10.0.0.1"},
		Publish: []int{1883, 44053}, Mounts: []ops.Mount{{From: "/data/server/docker/vernemq/data", To: "/var/lib/vernemq"}},
		Labels: map[string]string{"vmqbot.node": "cn-1", "vmqbot.gate": "1"}, Nofile: 262144, Restart: "unless-stopped",
		StopAfter: 90 * time.Second, Health: []string{"sh", "-c", "x"}, HealthEach: 5 * time.Second,
	}
}

// TestContainerActions is how a deploy reads in a plan.
func TestContainerActions(t *testing.T) {
	conf := ops.File{Name: "vernemq.conf", Content: secret.New("distributed_cookie = hunter2\n"), Mode: 0o644}
	doors := ops.File{Name: "vmqbot.listeners", Mode: 0o600}
	shown := "vernemq.conf (29 bytes, mode 0644, digest " + conf.Content.Digest() + ")"
	tryout := ops.ContainerSpec{Name: "vmqbot-try-cn-1", Image: "airdroid/vernemq:1.6.1", Network: "none", Entrypoint: []string{"vernemq"}, Cmd: []string{"chkconfig"}}
	for _, c := range []struct {
		a    ops.Action
		want string
	}{
		{
			ops.CreateContainer{Spec: next()},
			"$ docker create --name vernemq-release-cn-1.next --hostname vernemq-release-cn-1 --restart unless-stopped --stop-timeout 90 --ulimit nofile=262144 " +
				"-p 1883:1883 -p 44053:44053 -v /data/server/docker/vernemq/data:/var/lib/vernemq -e VMQBOT_ADDRESS=10.0.0.1 -l vmqbot.gate=1 -l vmqbot.node=cn-1 " +
				"--health-interval 5s --entrypoint sh airdroid/vernemq:1.6.1 -c '<script>' vmqbot-gate",
		},
		{ops.CreateContainer{Spec: ops.ContainerSpec{Name: "plain", User: "0", Image: "guest:1", Cmd: []string{"a b"}}}, "$ docker create --name plain --user 0 guest:1 'a b'"},
		{ops.StopContainer{Container: "cn", Grace: 90 * time.Second}, "$ docker stop -t 90 cn"},
		{ops.RenameContainer{From: "cn.next", To: "cn"}, "$ docker rename cn.next cn"},
		{ops.RemoveContainer{Container: "cn.next"}, "$ docker rm cn.next"},
		{ops.SetRestart{Container: "cn", Policy: "no"}, "$ docker update --restart no cn"},
		{ops.SetRestart{Container: "; reboot", Policy: "no"}, "$ docker update --restart no '; reboot'"},
		{ops.PutFiles{Container: "cn", Dir: "/etc/vernemq", Files: []ops.File{conf, doors}}, "put into cn:/etc/vernemq: " + shown + ", vmqbot.listeners (0 bytes, mode 0600, digest " + doors.Content.Digest() + ")"},
		{ops.TryContainer{Spec: tryout, Dir: "/etc/vernemq", Files: []ops.File{conf}}, "$ docker run --rm --name vmqbot-try-cn-1 --network none --entrypoint vernemq airdroid/vernemq:1.6.1 chkconfig (with /etc/vernemq/" + shown + ")"},
		{ops.TryContainer{Spec: tryout}, "$ docker run --rm --name vmqbot-try-cn-1 --network none --entrypoint vernemq airdroid/vernemq:1.6.1 chkconfig"},
		{ops.On{Node: "sg-1", Do: ops.StartContainer{Container: "sg"}}, "sg-1: $ docker start sg"},
	} {
		if got := c.a.String(); got != c.want {
			t.Errorf("shown as\n%s, want\n%s", got, c.want)
		}
		b, err := json.Marshal(c.a)
		if err != nil || strings.Contains(string(b), "hunter2") || strings.Contains(c.a.String(), "hunter2") {
			t.Errorf("%s: %s %v", c.want, b, err)
		}
	}
}

// An approval is bound to what the plan shows: another file, mode or place
// must read otherwise.
func TestNoTwoFilesReadAlike(t *testing.T) {
	file := func(name, content string, mode uint32) ops.PutFiles {
		return ops.PutFiles{Container: "cn", Dir: "/etc", Files: []ops.File{{Name: name, Content: secret.New(content), Mode: mode}}}
	}
	var seen []string
	for _, a := range []ops.Action{
		file("a", "x", 0o644), file("b", "x", 0o644), file("a", "y", 0o644), file("a", "x", 0o600),
		file("a (1 bytes, mode 0644)", "x", 0o644), ops.PutFiles{Container: "cn", Dir: "/etc"}, ops.PutFiles{Container: "cn:/etc", Dir: "/etc"},
		ops.TryContainer{Dir: "/etc", Files: file("a", "x", 0o644).Files}, ops.TryContainer{Dir: "/etc", Files: file("a", "y", 0o644).Files},
	} {
		if slices.Contains(seen, a.String()) {
			t.Errorf("two actions read %s", a)
		}
		seen = append(seen, a.String())
	}
}

// Showing a specification must not write into it.
func TestArgsKeepTheSpecification(t *testing.T) {
	s := next()
	s.Entrypoint, s.Cmd = append(make([]string, 0, 9), "sh", "-c", "x"), []string{"vernemq"}
	one, two := strings.Join(s.Args(), " "), strings.Join(s.Args(), " ")
	if one != two || s.Entrypoint[:4][3] != "" || !slices.Equal(s.Cmd, []string{"vernemq"}) {
		t.Errorf("%s, then %s, %q", one, two, s.Entrypoint[:4])
	}
}
