package scripts

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// place is a world that scripts run in: the lab, or a simulated fleet.
type place interface {
	// fleet is the path of the fleet file.
	fleet() string
	// do breaks, mends or asks something of the world: the words of `lab` and of
	// `bot sim`.
	do(ctx context.Context, stdout, stderr io.Writer, args ...string) (exit int, err error)
	// client is the address at which clients reach the MQTT port of a region.
	client(region string) (address string, ok bool)
}

// regions are those that both worlds have.
var regions = []string{"cn", "sg", "us", "eu"}

// onHost runs a program on a host and returns what it printed.
func (w *world) onHost(host string, argv ...string) (string, error) {
	var out, said bytes.Buffer
	exit, err := w.place.do(context.Background(), &out, &said, append([]string{"exec", host}, argv...)...)
	if err == nil && exit != 0 {
		err = fmt.Errorf("%q on %s: exit status %d: %s", argv, host, exit, said.String())
	}
	return out.String(), err
}
