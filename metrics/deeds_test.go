package metrics_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"vmqbot/ops"
)

// book is a journal and a keeper of approvals that fails when it is told to.
type book struct {
	ops.Journal
	ops.Approvals
	err  error
	lost bool // somebody else was faster
}

func (b *book) SaveOperation(context.Context, ops.Operation) error { return b.err }
func (b *book) SwapApproval(context.Context, ops.Approval) (bool, error) {
	return !b.lost && b.err == nil, b.err
}

// TestOperationsInNumbers: counted when they were written down and not before,
// once, in each region that they hold.
func TestOperationsInNumbers(t *testing.T) {
	m, _ := fresh(t)
	b := &book{}
	j := m.Journal(b)
	save := func(op ops.Operation) { _ = j.SaveOperation(t.Context(), op) }
	page(t, m, []string{`vmqbot_operations_total{command="reattach",region="cn",result="done"} 0`, `vmqbot_operations_running{region="cn"} 0`}, nil)
	op := ops.Operation{ID: "1", Line: "reattach cn --start", Locks: []string{"cn"}, Created: noon}
	b.err = errors.New("disk full")
	save(op)
	page(t, m, []string{`vmqbot_operations_running{region="cn"} 0`}, nil)
	b.err = nil
	save(op)
	save(op)
	push := ops.Operation{ID: "2", Line: "conf push all", Locks: []string{"cn", "sg"}, Created: noon}
	save(push)
	page(t, m, []string{`vmqbot_operations_running{region="cn"} 2`, `vmqbot_operations_running{region="sg"} 1`}, nil)
	op.State, op.Ended = ops.Done, noon.Add(4*time.Second)
	save(op)
	save(op)
	push.State, push.Ended = ops.Unknown, noon.Add(time.Minute)
	save(push)
	save(ops.Operation{ID: "3", Line: "deploy cn", Locks: []string{"cn"}, State: ops.Broken, Created: noon, Ended: noon}) // of a bot that died
	page(t, m, []string{
		`vmqbot_operations_total{command="reattach",region="cn",result="done"} 1`,
		`vmqbot_operations_total{command="conf push",region="cn",result="unknown"} 1`,
		`vmqbot_operations_total{command="conf push",region="sg",result="unknown"} 1`,
		`vmqbot_operations_total{command="deploy",region="cn",result="failed"} 0`,
		`vmqbot_operation_duration_seconds_sum{command="reattach"} 4`,
		`vmqbot_operation_duration_seconds_count{command="conf push"} 1`,
		`vmqbot_operations_running{region="cn"} 0`,
	}, nil)
}

// TestApprovalsInNumbers: by who won the swap, and once, though the card may
// change its place afterwards.
func TestApprovalsInNumbers(t *testing.T) {
	m, _ := fresh(t)
	b := &book{}
	s := m.Approvals(b)
	swap := func(a ops.Approval) { _, _ = s.SwapApproval(t.Context(), a) }
	a := ops.Approval{ID: "a", Line: "deploy cn", State: ops.Open, Created: time.Now().Add(-time.Minute)}
	swap(a)
	a.State = ops.Granted
	b.lost = true
	swap(a)
	page(t, m, []string{`vmqbot_approvals_total{command="deploy",result="granted"} 0`}, nil)
	b.lost = false
	swap(a)
	swap(a)
	a.State = ops.Spent
	swap(a)
	swap(ops.Approval{ID: "b", Line: "deploy sg", State: ops.Expired, Created: time.Now()})
	swap(ops.Approval{ID: "c", Line: "restart sg", State: ops.Granted, BreakGlass: true, Created: time.Now()})
	page(t, m, []string{
		`vmqbot_approvals_total{command="deploy",result="granted"} 1`,
		`vmqbot_approvals_total{command="deploy",result="expired"} 1`,
		`vmqbot_approvals_total{command="restart",result="break_glass"} 1`,
		`vmqbot_approvals_total{command="restart",result="granted"} 0`,
		`vmqbot_approval_wait_seconds_bucket{command="deploy",le="60"} 1`,
		`vmqbot_approval_wait_seconds_count{command="deploy"} 2`,
	}, nil)
}

func TestDialsInNumbers(t *testing.T) {
	m, _ := fresh(t)
	m.Dialed("cn", nil)
	m.Dialed("cn", errors.New("refused"))
	m.Dialed("cn", errors.New("refused"))
	page(t, m, []string{`vmqbot_ssh_dials_total{region="cn",result="ok"} 1`, `vmqbot_ssh_dials_total{region="cn",result="failed"} 2`, `vmqbot_ssh_dials_total{region="sg",result="ok"} 0`}, nil)
}

// TestSlackInNumbers: by what Slack says, which whoever asked still reads whole.
func TestSlackInNumbers(t *testing.T) {
	m, _ := fresh(t)
	page(t, m, nil, []string{"vmqbot_slack_"})
	says := map[string]func(http.ResponseWriter){
		"/api/auth.test":        func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"ok":true,"user":"U1"}`) },
		"/api/chat.postMessage": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"ok":false,"error":"not_in_channel"}`) },
		"/api/chat.update":      func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"/api/users.info":       func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"ok":tr`) },
		"/api/views.open":       func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) },
		"/upload/v1/ABC123": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "OK")
		},
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		says[r.URL.Path](w)
	}))
	heard := true
	c := http.Client{Transport: m.Slack(nil, func() bool { return heard })}
	for path, want := range map[string]string{
		"/api/auth.test": `{"ok":true,"user":"U1"}`, "/api/chat.postMessage": `{"ok":false,"error":"not_in_channel"}`, "/api/chat.update": "",
		"/api/users.info": `{"ok":tr`, "/api/views.open": "", "/upload/v1/ABC123": "OK",
	} {
		resp, err := c.Get(s.URL + path) //nolint:noctx // of this machine
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err != nil || string(got) != want {
			t.Errorf("%s: whoever asked reads %q %v, want %q", path, got, err, want)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	s.Close()
	if resp, err := c.Get(s.URL + "/api/auth.test"); err == nil { //nolint:noctx // of this machine
		_ = resp.Body.Close()
		t.Error("a server that is gone answers")
	}
	page(t, m, []string{
		`vmqbot_slack_connected 1`,
		`vmqbot_slack_requests_total{method="auth.test",result="ok"} 1`,
		`vmqbot_slack_requests_total{method="auth.test",result="unreachable"} 1`,
		`vmqbot_slack_requests_total{method="chat.postMessage",result="refused"} 1`,
		`vmqbot_slack_requests_total{method="chat.update",result="throttled"} 1`,
		`vmqbot_slack_throttled_total{method="chat.update"} 1`,
		`vmqbot_slack_requests_total{method="users.info",result="failed"} 1`,
		`vmqbot_slack_requests_total{method="views.open",result="failed"} 1`,
		`vmqbot_slack_requests_total{method="other",result="ok"} 1`,
	}, nil)
	heard = false
	page(t, m, []string{`vmqbot_slack_connected 0`}, nil)
}
