// Command lab brings up a real fleet on one machine, breaks it on request and
// takes it down. See lab/README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"vmqbot/lab/build"
	"vmqbot/lab/fleet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

const usage = `lab brings up a real fleet on one machine.

  lab up                                    from nothing, or from any state, to "ready"
  lab down                                  remove everything but the cache
  lab status                                one line per host
  lab reset [--hard | --deployed]           repair what scripts broke; --hard makes the hosts anew,
                                            --deployed keeps brokers that the bot deployed and that serve
  lab empty HOST...|all                     no broker: Docker and weave, and nothing else
  lab runbook HOST...|all                   the broker as the oldest runbook made it, data in the container
  lab exec [-i] HOST PROGRAM ARGS...        run a program on a host, as root; -i passes standard input
  lab host VERB HOST                        stop, start, restart, pause, unpause or kill a host
  lab cut HOST PEER                         drop every packet between two hosts
  lab lose HOST PEER PERCENT                drop some of them
  lab delay HOST PEER TIME                  make two hosts distant, TIME one way
  lab disk HOST FOLDER SIZE|full            a small disk over a folder, as 700m, or no room on it
  lab fill HOST                             no room in the broker's folders
  lab refuse HOST                           take the bot's key from a host
  lab corrupt HOST weave|vmq-admin          half of every answer of that program is missing
  lab mend HOST                             undo all of these
  lab rekey HOST [--restore]                another ssh host key; known_hosts keeps the old one
  lab claim HOST                            weave keeps the broker's address for a container that is gone
  lab traffic [--for 60s] [HOST...]         messages between all hosts; counts what is refused and lost
  lab prerequisites                         install what the repository's other tests start for real
  lab wan --listen A --to B --delay 100ms   a TCP proxy with delay, loss and rate
  lab half --listen A --to B                an HTTP proxy that leaves away the second half of answers
  lab far --queue N --late TIME             lets the packets of an NFQUEUE pass late, in the network that it runs in

HOST is jump, cn, sg, us or eu. lab/README.md says more.
`

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no verb\n\n%s", usage)
	}
	if args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		fmt.Print(usage)
		return nil
	}
	switch args[0] {
	case "wan":
		return runWAN(ctx, args[1:])
	case "half":
		return runHalf(ctx, args[1:])
	case "far":
		return runFar(ctx, args[1:])
	case "traffic":
		return runTraffic(ctx, args[1:])
	case "prerequisites":
		return build.InstallForTests(ctx)
	}
	lab, err := fleet.New(os.Stderr)
	if err != nil {
		return err
	}
	verb, ok := verbs[args[0]]
	if !ok {
		return fmt.Errorf("there is no verb %q\n\n%s", args[0], usage)
	}
	return verb(ctx, lab, args[1:])
}
