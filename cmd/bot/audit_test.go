package main

import (
	"testing"

	"vmqbot/ops"
)

// What a changed line looks like is store's to test.
func TestAuditVerify(t *testing.T) {
	w := newWorld(t)
	w.wants(w.bot("audit"), 2, "", "audit knows the word verify only")
	w.wants(w.bot("audit", "verify", "x"), 2, "", `does not know what to do with "x"`)
	w.wants(w.bot("audit", "verify", "--config", w.fleet()), 0, "0 lines are as they were written; the last hash is none\n", "")
	w.wants(w.run("audit"), 0, "The audit holds no such line.\n", "")
	st, err := (&process{getenv: func(k string) string { return w.env[k] }}).openStore(t.Context(), fleetOf(t, w, w.fleet()))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Append(t.Context(), ops.AuditEvent{Actor: "slack:U0EVE", Type: "refused", Detail: "deploy all"}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	w.wants(w.bot("audit", "verify", "--config", w.fleet()), 0, "1 lines are as they were written; the last hash is ", "")
	w.wants(w.run("audit", "--op", "zz"), 2, "", "is no operation's identity")
	w.wants(w.run("audit"), 0, "slack:U0EVE", "")
}
