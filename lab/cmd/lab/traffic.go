package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"vmqbot/lab/traffic"
)

// parseTraffic reads the arguments of `lab traffic`. Without hosts it is all.
func parseTraffic(args []string) (traffic.Options, time.Duration, error) {
	var options traffic.Options
	var last time.Duration
	flags := flag.NewFlagSet("lab traffic", flag.ContinueOnError)
	flags.DurationVar(&last, "for", 0, "how long messages are published; 0 until SIGTERM, ctrl-C or the end of the standard input")
	flags.DurationVar(&options.Every, "every", 100*time.Millisecond, "time between two messages of a pair of regions")
	flags.IntVar(&options.Size, "size", 100, "bytes in a message")
	flags.DurationVar(&options.Settle, "settle", 20*time.Second, "how long messages may be under way at the end")
	if err := flags.Parse(args); err != nil {
		return options, 0, err
	}
	names := flags.Args()
	if len(names) == 0 {
		names = []string{"all"}
	}
	hosts, err := regionHosts("lab traffic", names)
	if err != nil {
		return options, 0, err
	}
	if len(hosts) < 2 {
		return options, 0, errors.New("traffic flows between regions; name two at least")
	}
	if last < 0 || options.Every <= 0 || options.Size <= 0 {
		return options, 0, errors.New("--for cannot be negative, --every and --size must be more than nothing")
	}
	for _, h := range hosts {
		options.Regions = append(options.Regions, traffic.Region{Name: h.Name, Address: h.MQTT()})
	}
	options.Limit = last
	return options, last, nil
}

// runTraffic publishes until it is told to end, and prints the report.
func runTraffic(ctx context.Context, args []string) error {
	options, last, err := parseTraffic(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	// ctx ends the publishing, not the subscribers.
	run, err := traffic.Start(context.WithoutCancel(ctx), options)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "traffic flows between", len(options.Regions), "regions")
	select {
	case <-ctx.Done():
	case <-run.Over(): // --for, or half an hour
	case <-closed(os.Stdin, last):
	}
	report, err := run.Stop()
	return errors.Join(report.Write(os.Stdout), err)
}

// closed is closed at the end of a pipe or a terminal; anything else, such as
// /dev/null, was not given to say when to end, and neither was any with a time.
func closed(stdin *os.File, last time.Duration) <-chan struct{} {
	info, err := stdin.Stat()
	if last > 0 || err != nil || info.Mode()&os.ModeNamedPipe == 0 && !term.IsTerminal(int(stdin.Fd())) {
		return nil
	}
	end := make(chan struct{})
	go func() { // it ends with the program
		defer close(end)
		_, _ = io.Copy(io.Discard, stdin)
	}()
	return end
}
