package ops_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
)

func TestErrorText(t *testing.T) {
	e := ops.Errorf(ops.Invalid, "bot run -- help", "There is no verb %q.", "reatach")
	if got := e.Error(); got != `There is no verb "reatach". Type: bot run -- help` {
		t.Errorf("%s", got)
	}
	e = &ops.Error{Code: ops.Unseen, Msg: "cn-1 cannot be seen.", Cause: io.EOF}
	if e.Error() != "cn-1 cannot be seen." || !errors.Is(e, io.EOF) {
		t.Errorf("%s, %v", e, errors.Unwrap(e))
	}
	if e := ops.Errorf(ops.Failed, "", "100%% of %d", 3); e.Error() != "100% of 3" {
		t.Errorf("%s", e)
	}
}

// TestExit is the table of the documentation, for errors as they come.
func TestExit(t *testing.T) {
	refused := ops.Errorf(ops.Refused, "", "cn is held.")
	for _, c := range []struct {
		name string
		err  error
		code ops.Code
		exit int
	}{
		{"failed", ops.Errorf(ops.Failed, "", "x"), ops.Failed, 1},
		{"wrong words", ops.Errorf(ops.Invalid, "", "x"), ops.Invalid, 2},
		{"refused", refused, ops.Refused, 3},
		{"unseen", ops.Errorf(ops.Unseen, "", "x"), ops.Unseen, 4},
		{"any other", io.EOF, ops.Failed, 1},
		{"none", nil, ops.Failed, 1},
		{"wrapped", fmt.Errorf("while locking: %w", refused), ops.Refused, 3},
		{"joined after another", errors.Join(io.EOF, refused), ops.Refused, 3},
		{"joined with nil", errors.Join(nil, refused, nil), ops.Refused, 3},
		{"wrapped, joined", fmt.Errorf("a: %w", errors.Join(io.EOF, fmt.Errorf("b: %w", refused))), ops.Refused, 3},
		{"the outer one counts", &ops.Error{Code: ops.Unseen, Msg: "x", Cause: refused}, ops.Unseen, 4},
		{"the lock was lost", &ops.LockLost{Cause: refused}, ops.Refused, 3},
		{"the lock was lost to the network", &ops.LockLost{Cause: io.EOF}, ops.Failed, 1},
	} {
		if code := ops.CodeOf(c.err); code != c.code || code.Exit() != c.exit {
			t.Errorf("%s: %s, exit %d, want %s, %d", c.name, code, code.Exit(), c.code, c.exit)
		}
	}
	if ops.Code("new").Exit() != 1 || ops.Code("").Exit() != 1 {
		t.Error("an unknown code must not pass for success")
	}
}

func TestLockErrors(t *testing.T) {
	lost := &ops.LockLost{Cause: io.EOF}
	if lost.Error() != "the lock was lost: EOF" || !errors.Is(lost, io.EOF) {
		t.Errorf("%s", lost)
	}
	held := &ops.Held{Lease: ops.Lease{Name: "release/cn", Holder: "ana@host#1", Reason: "reattach cn (4f2a91)", Since: time.Date(2026, 11, 23, 9, 30, 5, 0, time.FixedZone("", 3600))}}
	if got := held.Error(); got != "release/cn is held by ana@host#1 (reattach cn (4f2a91)) since 08:30:05 UTC" {
		t.Errorf("%s", got)
	}
}

func TestRequest(t *testing.T) {
	node := func(name, region string) regions.Node { return regions.Node{Name: name, Region: region} }
	for want, nodes := range map[string][]regions.Node{
		"[]":         nil,
		"[cn]":       {node("cn-1", "cn")},
		"[cn sg]":    {node("cn-1", "cn"), node("cn-2", "cn"), node("sg-1", "sg")},
		"[us cn eu]": {node("us-1", "us"), node("cn-1", "cn"), node("eu-1", "eu"), node("eu-2", "eu")},
	} {
		if got := fmt.Sprint(ops.Request{Nodes: nodes}.Regions()); got != want {
			t.Errorf("the regions of %v are %s, want %s", nodes, got, want)
		}
	}
	r := ops.Request{Args: map[string]string{"force": "true", "n": "5"}}
	if !r.Flag("force") || r.Flag("n") || r.Flag("other") || (ops.Request{}).Flag("force") {
		t.Error("a flag that was not given is set, or one that was is not")
	}
	if ops.Viewer.String()+ops.Operator.String()+ops.Admin.String() != "vieweroperatoradmin" || ops.Viewer >= ops.Operator || ops.Operator >= ops.Admin {
		t.Error("the roles are not in order")
	}
}

// adapter is an error of an adapter that speaks as an Error when asked.
type adapter struct{}

func (adapter) Error() string { return "no route" }

func (adapter) As(target any) bool {
	e, ok := target.(**ops.Error)
	if ok {
		*e = &ops.Error{Code: ops.Unseen, Msg: "no route"}
	}
	return ok
}

func TestTheGravestOfJoinedErrorsDecides(t *testing.T) {
	refused, failed := ops.Errorf(ops.Refused, "", "Cancelled."), ops.Errorf(ops.Failed, "", "The undo failed.")
	for _, tt := range []struct {
		err  error
		want ops.Code
	}{
		{errors.Join(refused, failed), ops.Failed},
		{fmt.Errorf("while cancelling: %w", errors.Join(failed, refused)), ops.Failed},
		{errors.Join(failed, adapter{}), ops.Unseen},
		{fmt.Errorf("looking: %w", adapter{}), ops.Unseen},
		{&ops.Error{Code: ops.Refused, Cause: failed}, ops.Refused},
		{errors.New("a bug"), ops.Failed},
	} {
		if got := ops.CodeOf(tt.err); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.err, got, tt.want)
		}
	}
}
