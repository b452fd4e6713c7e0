package do

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vmqbot/answer"
	"vmqbot/ops"
	"vmqbot/vernemq"
)

// judges read the answer of a command in the container: nil when it did what
// it was told. VerneMQ's exit status says nothing for most of them.
var judges = map[ops.Judge]func(answer.Answer) error{
	ops.ByExit:  byExit,
	ops.Rebound: func(a answer.Answer) error { _, err := vernemq.ParseRebind(a); return err },
	ops.Ping:    func(a answer.Answer) error { _, err := vernemq.ParsePing(a); return err },
	ops.Joined:  func(a answer.Answer) error { _, err := vernemq.ParseJoin(a); return err },
	ops.Left:    left,
	ops.Leaving: leaving,
	ops.Set:     set,
	ops.Opened:  opened,
}

// readExec reads an answer by the judge that the plan names.
func readExec(j ops.Judge, a answer.Answer) (read, err error) {
	judge := judges[j]
	if judge == nil {
		return nil, ops.Errorf(ops.Invalid, "", "The plan wants the answer read as %q, which nobody can.", string(j))
	}
	return judge(a), nil
}

// left wants the node out of the cluster. One that was no member is out too.
func left(a answer.Answer) error {
	l, err := vernemq.ParseLeave(a)
	var no *answer.Refusal
	switch {
	case errors.As(err, &no) && no.Kind == answer.NotFound && strings.HasSuffix(no.Raw, "wasn't part of the cluster"):
		return nil
	case err == nil && l.Outcome != vernemq.LeftOut:
		return fmt.Errorf("%s is still a member, and its MQTT listeners are closed: leave again with -k, or open them with `vmq-admin listener restart`", l.Node)
	}
	return err
}

// leaving takes it that the answer broke off, as it does while another member is down:
// the node is out then, and its queues are not handed on.
func leaving(a answer.Answer) error {
	err := left(a)
	var no *answer.Refusal
	if errors.As(err, &no) && no.Kind == vernemq.RPCTimeout {
		return nil
	}
	return err
}

// set wants every value that was asked for on every node that was asked. Old
// versions say nothing when all went well.
func set(a answer.Answer) error {
	changes, err := vernemq.ParseSet(a)
	var no *answer.Refusal
	if errors.As(err, &no) && no.Kind == vernemq.Unconfirmed {
		return nil
	}
	if err != nil {
		return err
	}
	for _, c := range changes {
		if !c.Reached {
			return fmt.Errorf("%s could not be reached, so nothing was changed there", c.Node)
		}
		if missing := slices.DeleteFunc(settings(a.Argv), func(k string) bool { _, told := c.Values[k]; return told }); len(missing) > 0 {
			return fmt.Errorf("it does not say that %s was changed: look with `vmq-admin show %[1]s`", strings.Join(missing, " "))
		}
	}
	return nil
}

// settings are the keys of KEY=VALUE words.
func settings(argv []string) []string {
	var keys []string
	for _, w := range argv {
		if k, _, ok := strings.Cut(w, "="); ok && !strings.HasPrefix(k, "-") {
			keys = append(keys, k)
		}
	}
	return keys
}

// isOpen is how VerneMQ declines to start a listener that is there.
var isOpen = regexp.MustCompile(`due to '(?:already_started|\{already_started,<[\d.]+>\})'\z`)

// opened wants the listener there, whoever opened it.
func opened(a answer.Answer) error {
	_, err := vernemq.ParseListenerOp(a)
	var no *answer.Refusal
	if errors.As(err, &no) && no.Kind == vernemq.Failed && isOpen.MatchString(no.Raw) {
		return nil
	}
	return err
}
