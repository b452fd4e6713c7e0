package typed_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vmqbot/explain/typed"
)

func frob(argv []string) bool { return argv[0] == "frob" }

// TestCommands finds each command that is meant, in the order of the line,
// whatever stands around it.
func TestCommands(t *testing.T) {
	for line, want := range map[string]string{
		"frob a":                                                  `["frob" "a"]`,
		"(on node 4) `frob`":                                      `["frob"]`,
		"frob a; frob b | frob c && frob d":                       `["frob" "a"] ["frob" "b"] ["frob" "c"] ["frob" "d"]`,
		"/opt/bin/frob 'a b' \"c\\\"d\" e\\ f":                    `["frob" "a b" "c\"d" "e f"]`,
		"frob \"a\\b\" '' > x 2>&1 < y":                           `["frob" "a\\b" ""]`,
		"frob a \\\n  b # and so on\nfrob c":                      `["frob" "a" "b"] ["frob" "c"]`,
		"ssh -p 22 u@h sh -c '\"frob a\"'":                        `["frob" "a"]`,
		"sudo -u x env A=b timeout -k 1 5 nice -n 3 frob":         `["frob"]`,
		"docker -c h compose -p y exec -e A=b --index 2 c frob a": `["frob" "a"]`,
		"podman exec -it c frob":                                  `["frob"]`,
		"docker run c frob":                                       "",
		"echo frob":                                               "",
		"docker exec -e":                                          "",
		"bash frob.sh":                                            "",
	} {
		found, err := typed.Commands(line, frob)
		var got []string
		for _, argv := range found {
			got = append(got, fmt.Sprintf("%q", argv))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q holds %s (%v), want %s", line, got, err, want)
		}
	}
}

// Only what is asked for is found: docker itself may be meant.
func TestMeant(t *testing.T) {
	docker := func(argv []string) bool { return argv[0] == "docker" }
	found, err := typed.Commands("sudo /usr/bin/docker exec c frob", docker)
	if err != nil || len(found) != 1 || !slices.Equal(found[0], []string{"docker", "exec", "c", "frob"}) {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestCommandsRefuses(t *testing.T) {
	for line, why := range map[string]string{
		"frob 'a": "a quote that never ends", "frob \\": "a quote that never ends", "ssh h \"frob 'a\"": "a quote that never ends",
		strings.Repeat("ssh h ", 9) + "frob": "nested too deeply",
	} {
		if found, err := typed.Commands(line, frob); err == nil || !strings.Contains(err.Error(), why) || found != nil {
			t.Errorf("%q holds %q, %v, want the error %q", line, found, err, why)
		}
	}
}
