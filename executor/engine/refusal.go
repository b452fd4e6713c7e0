package engine

import (
	"regexp"

	"vmqbot/facts"
)

// refusal is something that Docker says when it cannot do a thing, and what a
// person does about it.
type refusal struct {
	text  *regexp.Regexp
	blind facts.Blind
	say   string // may use the groups of text
}

func no(text string, b facts.Blind, say string) refusal {
	return refusal{regexp.MustCompile(text), b, say}
}

// refusals are Docker's words from 20.10 to 28.
var refusals = []refusal{
	no(`No such image: (\S+)\z`, facts.Absent,
		"the image $1 is not there. Fetch it with `docker pull $1`, or bring it: `docker save $1 | ssh HOST docker load`."),
	no(`container name "/?([^"]+)" is already in use by container "?([0-9a-f]{1,12})`, facts.Failed,
		"the name $1 is taken by another container, $2. Look at it with `docker ps -a`, then rename or remove it."),
	no(`Bind for \S+:(\d+) failed: port is already allocated`, facts.Failed,
		"another container holds the port $1. Find it with `docker ps --filter publish=$1`."),
	no(`:(\d+)(?:/tcp|: bind)?: (?:bind: )?address already in use`, facts.Failed,
		"a program outside Docker holds the port $1. Find it with `ss -ltnp 'sport = :$1'`."),
	no(`exec: "([^"]+)":? (?:executable file not found|stat .*: no such file)`, facts.Failed,
		"its image has no program $1. A broker's image needs sh, grep and sleep: build it on one that has them."),
	no(`exec format error`, facts.Failed,
		"its image is built for another processor. Compare `docker image inspect --format '{{.Architecture}}' IMAGE` with `uname -m`."),
	no(`setting rlimit`, facts.Failed,
		"the host does not grant that many open files. Raise LimitNOFILE of docker.service there."),
	no(`creating mount source path '([^']+)': (.*)`, facts.Failed,
		"the folder $1 cannot be made on the host ($2). Make it by hand."),
	no(`error mounting "([^"]+)" to rootfs at "([^"]+)".*not a directory`, facts.Failed,
		"of $1 on the host and $2 in the container one is a file and the other a folder. Look with `ls -ld $1`."),
	no(`mount(?:ed volume| path)? is marked read-only`, facts.Denied,
		"the folder is mounted read-only, so nothing was written. Look with `docker inspect`."),
	no(`(?i)cannot remove (?:a running container|container .*: container is running)`, facts.Failed,
		"it runs. Stop it first with `docker stop`."),
	no(`Could not find the file (\S+) in container`, facts.Absent,
		"there is no $1 in it. Look at its image and its volumes with `docker inspect`."),
	no(`(?:no space left on device|disk quota exceeded)`, facts.Failed,
		"a disk there is full. Look with `df -h` and `df -i`."),
}

// advice finds the refusal in what Docker said.
func advice(said string) (facts.Blind, string, bool) {
	for _, r := range refusals {
		if m := r.text.FindStringSubmatchIndex(said); m != nil {
			return r.blind, string(r.text.ExpandString(nil, r.say, said, m)), true
		}
	}
	return "", "", false
}
