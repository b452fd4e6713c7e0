// Command fan runs `true` on many addresses of one sshd through the executor's
// connections: cold, with every connection made, and with -again a second time
// warm, with every connection kept. It prints the times as JSON, in
// milliseconds.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/regions"
	"vmqbot/secret"
)

func main() {
	count := flag.Int("count", 100, "how many addresses, 127.0.1.1 and on")
	port := flag.Int("port", 22, "of the sshd")
	user := flag.String("user", "root", "who logs in")
	key := flag.String("key", "", "private key")
	known := flag.String("known-hosts", "", "known_hosts file")
	kex := flag.String("kex", "", "the one key exchange to use")
	again := flag.Bool("again", false, "a second, warm round a second later")
	flag.Parse()
	o := wire.Options{}
	if *kex != "" {
		o.KeyExchanges = []string{*kex}
	}
	if err := fan(o, regions.SSH{User: *user, Port: *port, Key: *key, KnownHosts: *known}, *count, *again); err != nil {
		fmt.Fprintln(os.Stderr, "fan:", err)
		os.Exit(1)
	}
}

func fan(o wire.Options, ssh regions.SSH, count int, again bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	pool := wire.New(o)
	cold, err := round(ctx, pool, ssh, count)
	if err != nil {
		return err
	}
	var warm time.Duration
	if again {
		// Between the two rounds of the peers lies the start of a program.
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
		if warm, err = round(ctx, pool, ssh, count); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]float64{"cold_ms": ms(cold), "warm_ms": ms(warm)}); err != nil {
		return err
	}
	return pool.Close()
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

// round runs `true` on every address at once.
func round(ctx context.Context, pool *wire.Pool, ssh regions.SSH, count int) (time.Duration, error) {
	start := time.Now()
	var wg sync.WaitGroup
	errs := make([]error, count)
	for i := range count {
		n := regions.Node{Name: fmt.Sprint(i), Host: fmt.Sprintf("127.0.1.%d", i+1), SSH: ssh}
		wg.Go(func() {
			a, err := pool.Host(n).Run(ctx, secret.Words("true"), wire.RunOptions{})
			if err == nil && a.Exit != 0 {
				err = fmt.Errorf("exit status %d on %s", a.Exit, n.Host)
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}
