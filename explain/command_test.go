package explain_test

import (
	"reflect"
	"strings"
	"testing"

	"vmqbot/explain"
)

// TestCommand is what people paste, and the command in it.
func TestCommand(t *testing.T) {
	for line, want := range map[string]string{
		"weave status peers":       "weave status peers",
		"  weave   status\tpeers ": "weave status peers",
		"`weave ps`":               "weave ps",
		"weave\u00a0ps":            "weave ps",
		"/usr/local/bin/weave attach 10.0.0.1/24 c1": "weave attach 10.0.0.1/24 c1",
		"sudo weave ps":                                        "weave ps",
		"sudo -u ops -E /usr/local/bin/weave ps":               "weave ps",
		"DOCKER_HOST=tcp://h:2375 WEAVE_DEBUG=1 weave ps":      "weave ps",
		"env WEAVE_NO_FASTDP=1 weave launch a b":               "weave launch a b",
		"ssh -p 22 ops@203.0.113.10 'sudo weave status peers'": "weave status peers",
		"ssh ops@203.0.113.10 -- weave status":                 "weave status",
		"ssh h weave ps | sort":                                "weave ps",
		"watch -n 1 weave status connections":                  "weave status connections",
		"timeout -k 5 10 weave ps":                             "weave ps",
		"root@cn-1:~# weave ps":                                "weave ps",
		"[root@cn-1 ~]# weave ps  # who has an address":        "weave ps",
		"$ weave ps":                         "weave ps",
		"> weave ps":                         "weave ps",
		"# weave ps":                         "weave ps",
		"(on node 4) vmq-admin cluster show": "vmq-admin cluster show",
		"./vx 1 vmq-admin cluster show":      "vmq-admin cluster show",
		"docker exec -it vernemq-release-cn-1 vmq-admin   show":    "vmq-admin show",
		"docker exec -u root -e A=b cn vernemq ping":               "vernemq ping",
		"docker container exec cn /vernemq/bin/vernemq ping":       "vernemq ping",
		"docker compose -f x.yml exec cn vernemq ping":             "vernemq ping",
		"docker -H ssh://ops@h exec cn vernemq ping 2>&1":          "vernemq ping",
		"docker exec cn sh -c 'vernemq ping; echo $?'":             "vernemq ping",
		"sudo docker exec cn bash -lc \"vmq-admin show a\"":        "vmq-admin show a",
		"docker exec cn vernemq ping > out.txt 2> err.txt":         "vernemq ping",
		"docker ps; docker logs --tail 3 weave; weave status":      "weave status",
		"weave launch \\\n  a b":                                   "weave launch a b",
		"curl -s http://127.0.0.1:8888/health":                     "curl -s http://127.0.0.1:8888/health",
		"nodetool -name a@b ping":                                  "nodetool -name a@b ping",
		"$(rm -rf /) ; weave ps":                                   "weave ps",
		"docker -H ssh://cn container exec cn-1 vernemq ping":      "vernemq ping",
		"docker exec -i -u vernemq -e A=1 cn-1 vernemq ping":       "vernemq ping",
		"sudo docker exec --user=root cn-1 /usr/sbin/vernemq ping": "vernemq ping",
		"docker exec cn-1 sh -c 'vernemq ping | grep pong'":        "vernemq ping",
		"ssh -p 2222 ops@203.0.113.10 docker exec cn vernemq ping": "vernemq ping",
		"/vernemq/bin/vernemq ping 2>/dev/null":                    "vernemq ping",
		"vernemq ping --x > /tmp/x 2>&1":                           "vernemq ping --x",
		"vernemq ping 2>&1 | tee x":                                "vernemq ping",
		"WAIT_FOR_ERLANG=8 vernemq start":                          "vernemq start",
		"cd /tmp; vernemq ping; echo $?":                           "vernemq ping",
		"vernemq":                                                  "vernemq",
		"vernemq escript /vernemq/bin/nodetool -name a@b ping":     "vernemq escript /vernemq/bin/nodetool -name a@b ping",
		"/v/erts-13/bin/escript /v/bin/nodetool -name a@b ping":    "escript /v/bin/nodetool -name a@b ping",
		"docker exec cn-1 curl -s 127.0.0.1:8888/status.json":      "curl -s 127.0.0.1:8888/status.json",
		"(on node 1) $ docker exec -it cn vernemq ping":            "vernemq ping",
	} {
		argv, err := explain.Command(line)
		if got := strings.Join(argv, " "); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v), want %q", line, got, err, want)
		}
	}
}

func TestCommandKeepsWords(t *testing.T) {
	got, err := explain.Command(`docker exec cn nodetool -name a@b rpcterms m f 'vmq, "10.0.0.1", 44053, []' "" a\ b`)
	want := []string{"nodetool", "-name", "a@b", "rpcterms", "m", "f", `vmq, "10.0.0.1", 44053, []`, "", "a b"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestNotACommand is what nobody can explain, and why.
func TestNotACommand(t *testing.T) {
	for line, why := range map[string]string{
		"":                                     "is not one of weave",
		"docker":                               "is not one of weave",
		"docker exec":                          "is not one of weave",
		"docker exec cn":                       "is not one of weave",
		"docker ps -a":                         "is not one of weave",
		"docker logs weave":                    "is not one of weave",
		"docker exec c1 ip addr":               "is not one of weave",
		"echo weave ps":                        "is not one of weave",
		"weaver status":                        "is not one of weave",
		"ssh":                                  "is not one of weave",
		"sh":                                   "is not one of weave",
		"sh -c":                                "is not one of weave",
		"sudo":                                 "is not one of weave",
		"A=b":                                  "is not one of weave",
		"curl http://example.com/":             "is not one of weave",
		"curl":                                 "is not one of weave",
		"escript x.escript":                    "is not one of weave",
		"mosquitto_pub -t a -m vernemq":        "is not one of weave",
		"(on node 1)":                          "is not one of weave",
		"docker exec -it":                      "is not one of weave",
		"env":                                  "is not one of weave",
		"timeout 5":                            "is not one of weave",
		"weave ps; weave status":               "is 2 commands in one",
		"vernemq ping && weave ps":             "is 2 commands in one",
		"ssh h 'weave ps; weave status'":       "is 2 commands in one",
		"weave ps 'c1":                         "has a quote that never ends",
		"weave ps \\":                          "has a quote that never ends",
		strings.Repeat("ssh h ", 9) + "weave":  "is nested too deeply",
		strings.Repeat("sudo ", 99) + "whoami": "is not one of weave",
	} {
		argv, err := explain.Command(line)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q is %q (%v), want the error %q", line, argv, err, why)
		}
	}
}

// quoted types an argv so that a shell would read it as it is.
func quoted(argv []string) string {
	var b strings.Builder
	for _, w := range argv {
		b.WriteString("'" + strings.ReplaceAll(w, "'", `'\''`) + "' ")
	}
	return b.String()
}

// FuzzCommand: a command that is found is found again in its own words.
func FuzzCommand(f *testing.F) {
	for _, line := range []string{"weave ps", `ssh h "sh -c 'vernemq ping'"`, "docker exec -it cn vmq-admin cluster show 2>&1 | cat", `vx 1 vernemq ping\ x`, "'", "\\", "> >", "((("} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		argv, err := explain.Command(line)
		if (err == nil) != (len(argv) > 0) {
			t.Fatalf("%q gives %q and %v", line, argv, err)
		}
		if err == nil && strings.ContainsRune(argv[0], '/') {
			t.Fatalf("%q keeps the folder: %q", line, argv)
		}
		if again, _ := explain.Command(quoted(argv)); err == nil && !reflect.DeepEqual(again, argv) {
			t.Fatalf("%q is %q, and that typed again %q", line, argv, again)
		}
	})
}
