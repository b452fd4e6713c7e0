package bot

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestADeafConnectionIsCut: it stands and brings nothing, so slack-go would
// wait on it for ever.
func TestADeafConnectionIsCut(t *testing.T) {
	now := time.Now()
	near, far := net.Pipe()
	e := &ear{name: "connection 1", after: deafAfter, up: true, heard: now.Add(-deafAfter + time.Second), conn: near}
	if why := e.deaf(now, true); why != "" {
		t.Errorf("it was heard just now: %s", why)
	}
	e.heard = now.Add(-deafAfter - time.Second)
	if why := e.deaf(now, false); !strings.Contains(why, "connection 1 has heard nothing for 1m31s") {
		t.Errorf("%q", why)
	}
	if e.deaf(now, true); e.conn != nil {
		t.Error("it is not cut")
	}
	if _, err := far.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("its other end hears %v", err)
	}
}
