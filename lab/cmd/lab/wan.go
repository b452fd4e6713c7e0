package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strconv"
	"strings"

	"vmqbot/lab/wan"
)

// wanArgs is what `lab wan` was asked for.
type wanArgs struct {
	listen, to string
	link       wan.Link
}

func parseWAN(args []string) (wanArgs, error) {
	var w wanArgs
	flags := flag.NewFlagSet("lab wan", flag.ContinueOnError)
	flags.StringVar(&w.listen, "listen", "127.0.0.1:0", "address to listen on; port 0 picks one")
	flags.StringVar(&w.to, "to", "", "address to connect to")
	flags.DurationVar(&w.link.Delay, "delay", 0, "one way; a round trip costs twice this")
	flags.Int64Var(&w.link.Rate, "rate", 0, "bytes per second in each direction; 0 means no limit")
	flags.Uint64Var(&w.link.Seed, "seed", 1, "picks which segments are lost")
	flags.Func("loss", "share of lost segments, as 1% or 0.01", func(text string) (err error) {
		w.link.Loss, err = parseShare(text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return w, err
	}
	if flags.NArg() > 0 {
		return w, fmt.Errorf("lab wan takes no %q; see lab wan --help", flags.Arg(0))
	}
	if w.to == "" {
		return w, errors.New("lab wan needs --to HOST:PORT")
	}
	if w.link.Delay < 0 || w.link.Rate < 0 {
		return w, errors.New("--delay and --rate cannot be negative")
	}
	return w, nil
}

// parseShare reads 1%, or 0.01, as a share between 0 and 1.
func parseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	share, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no share; type 1%% or 0.01", text)
	}
	if percent {
		share /= 100
	}
	if !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("%q is not between 0%% and 100%%", text)
	}
	return share, nil
}

// runHalf runs the proxy of `lab corrupt` until ctx ends. Its first line of
// output is the address that it listens on.
func runHalf(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("lab half", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on; port 0 picks one")
	to := flags.String("to", "", "address of the HTTP server")
	if err := flags.Parse(args); err != nil || *to == "" || flags.NArg() > 0 {
		return errors.New("type lab half --listen A --to HOST:PORT")
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return wan.Half(ctx, l, *to)
}

// runWAN runs the proxy until ctx ends. Its first line of output is the
// address that it listens on.
func runWAN(ctx context.Context, args []string) error {
	w, err := parseWAN(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	proxy, err := wan.Listen(ctx, w.listen, w.to, w.link)
	if err != nil {
		return err
	}
	defer proxy.Close()
	fmt.Println(proxy.Addr())
	<-ctx.Done()
	return nil
}
