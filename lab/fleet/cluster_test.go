package fleet

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vmqbot/lab/world"
)

func TestWhole(t *testing.T) {
	const row = `{"Node":"VerneMQ@10.0.0.1","Running":true},{"Node":"VerneMQ@10.0.0.2","Running":true},{"Node":"VerneMQ@10.0.0.3","Running":true}`
	for name, c := range map[string]struct{ rows, want string }{
		"four running":  {row + `,{"Running":true,"Node":"VerneMQ@10.0.0.4"}`, ""},
		"one is down":   {row + `,{"Node":"VerneMQ@10.0.0.4","Running":false}`, "VerneMQ@10.0.0.4: member true, running false"},
		"one is absent": {row, "VerneMQ@10.0.0.4: member false, running false"},
		"a ghost":       {row + `,{"Node":"VerneMQ@10.0.0.4","Running":true},{"Node":"VerneMQ@10.0.0.9","Running":true}`, "1 members too many"},
	} {
		t.Run(name, func(t *testing.T) {
			members, err := membersIn(`{"table":[` + c.rows + `],"type":"table"}`)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := whole(members, world.Regions()); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	three, err := membersIn(`{"table":[` + row + `],"type":"table"}`)
	if err != nil || whole(three, world.Regions()[:3]) != nil {
		t.Errorf("three of three hosts with a broker: %v, %v", err, whole(three, world.Regions()[:3]))
	}
	if _, err := membersIn("Node 'VerneMQ@10.0.0.1' not responding to pings."); err == nil || !strings.Contains(err.Error(), "not responding") {
		t.Errorf("got %v, want what was said", err)
	}
}

func TestUntil(t *testing.T) {
	tries := 0
	err := until(context.Background(), time.Minute, "it works", func(context.Context) error {
		if tries++; tries < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%d tries, %v", tries, err)
	}
	err = until(context.Background(), time.Millisecond, "it works", func(ctx context.Context) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.New("the reason")
	})
	if err == nil || err.Error() != "waited 1ms until it works: the reason" {
		t.Errorf("got %v, want what was waited for and why it never came", err)
	}
}
