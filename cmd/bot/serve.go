package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"vmqbot/bot"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/speech"
)

const serveFix = "bot serve --config FILE [--listen ADDRESS] [--no-watch]"

// serve is the bot in Slack, until it is told to stop.
func (p *process) serve(ctx context.Context, args []string) (err error) {
	fs := p.flags("serve")
	config := fs.String("config", "fleet.yaml", "")
	listen := fs.String("listen", "127.0.0.1:8085", "")
	lockWait := fs.Duration("lock-wait", 5*time.Minute, "")
	noWatch := fs.Bool("no-watch", false, "")
	if help, err := p.parse(fs, args, serveFix); help || err != nil {
		return err
	}
	fleet, err := p.loadFleet(*config)
	if err != nil {
		return err
	}
	o, err := p.slackOptions(fleet)
	if err != nil {
		return err
	}
	if o.AppToken.IsZero() && o.SigningSecret.IsZero() {
		return ops.Errorf(ops.Invalid, serveFix, "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (signed requests) is set, so nothing could be heard.")
	}
	if o.Listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", *listen); err != nil {
		return ops.Errorf(ops.Invalid, serveFix, "The address %s cannot be listened on: %v.", *listen, err)
	}
	defer o.Listener.Close() //nolint:errcheck // the bot has closed it already when it ran
	st, err := p.openStore(ctx, fleet)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	d := &desk{p: p, config: *config, store: &heard{Store: st, told: make(chan struct{}, 1)}, flags: runFlags{lockWait: *lockWait}, tokens: tokensOf(o)}
	o.Redactor, o.Tongue = d.redactor, d.tongue
	o.Logger = slog.New(slog.NewJSONHandler(redacted{d, p.stderr}, nil))
	var b *bot.Bot // pages are asked of it only once it listens
	if !*noWatch {
		d.out = newOutside(fleet, o.Logger)
		o.Pages, o.Graph = d.out.handler(), &d.graphs
		o.Transport = d.out.metrics.Slack(nil, func() bool { return b.Hears() })
	}
	b = bot.New(o)
	d.directory, d.log = b.Directory(), o.Logger
	d.open(fleet)
	o.Logger.Info("listening", "address", o.Listener.Addr().String(), "config", *config)
	err = d.reloading(ctx, p.hangup, func() error {
		if *noWatch {
			return b.Run(ctx, d)
		}
		return d.watching(ctx, b)
	})
	return errors.Join(err, d.close())
}

// desk lends out the service of the fleet file that was read last. Hosts of an
// older one are closed when the last who borrowed it gives it back.
type desk struct {
	p         *process
	config    string
	store     *heard
	flags     runFlags
	tokens    []secret.Text
	directory ops.Directory
	log       *slog.Logger
	out       *outside // what others get of the watch; nil without one
	graphs    graphs

	mu   sync.Mutex
	now  *shop
	red  *secret.Redactor
	lang string // of the fleet file
}

type shop struct {
	service *control.Service
	hosts   *executor.Hosts
	lent    int
	old     bool
	closed  chan struct{} // closed when another fleet file was read
}

func (d *desk) open(fleet *regions.Fleet) {
	red := fleet.Redactor(d.tokens...)
	eo := d.p.reach(fleet)
	eo.Logger = d.log
	if d.out != nil {
		eo.Dialed = d.out.metrics.Dialed
	}
	hosts := executor.Open(fleet, eo)
	s := d.p.service(fleet, d.store, hosts, d.flags)
	if d.out != nil {
		d.out.counts(s)
	}
	s.Directory, s.Redactor = d.directory, red
	d.mu.Lock()
	was := d.now
	d.now, d.red, d.lang = &shop{service: s, hosts: hosts, closed: make(chan struct{})}, red, fleet.Lang
	d.mu.Unlock()
	if was != nil {
		d.retire(was)
	}
}

func (d *desk) tongue() *speech.Tongue {
	d.mu.Lock()
	defer d.mu.Unlock()
	return speech.In(d.lang)
}

func (d *desk) redactor() *secret.Redactor {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.red == nil {
		d.red = secret.NewRedactor(secret.New("").Reveal())
	}
	return d.red
}

// Borrow lends the service of now.
func (d *desk) Borrow() (*control.Service, func()) {
	s, giveBack := d.borrow()
	return s.service, giveBack
}

func (d *desk) borrow() (*shop, func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.now
	s.lent++
	var once sync.Once
	return s, func() {
		once.Do(func() {
			d.mu.Lock()
			s.lent--
			last := s.old && s.lent == 0
			d.mu.Unlock()
			if last {
				d.closeHosts(s)
			}
		})
	}
}

func (d *desk) retire(s *shop) {
	d.mu.Lock()
	s.old = true
	close(s.closed)
	last := s.lent == 0
	d.mu.Unlock()
	if last {
		d.closeHosts(s)
	}
}

func (d *desk) closeHosts(s *shop) {
	if err := s.hosts.Close(); err != nil {
		d.log.Warn("connections of the fleet file before were not closed cleanly", "err", err)
	}
}

func (d *desk) close() error {
	d.mu.Lock()
	s := d.now
	d.mu.Unlock()
	return s.hosts.Close()
}

// reloading reads the fleet file again at each hang-up while run runs. A file
// that is wrong is refused, and the old one kept.
func (d *desk) reloading(ctx context.Context, hangup <-chan os.Signal, run func() error) error {
	ended := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-hangup:
				if ctx.Err() == nil {
					d.reload()
				}
			}
		}
	})
	err := run()
	close(ended)
	wg.Wait()
	return err
}

func (d *desk) reload() {
	fleet, err := d.p.loadFleet(d.config)
	if err == nil && (fleet.Slack.Channel == "" || fleet.Slack.Team == "") {
		err = fmt.Errorf("the fleet file names no slack.channel and slack.team any more")
	}
	if err == nil && fleet.Cluster != d.cluster() {
		err = fmt.Errorf("the fleet file is of another cluster; start a second bot for it")
	}
	if err != nil {
		d.log.Error("the fleet file was refused, and the one before is kept", "err", err)
		return
	}
	d.open(fleet)
	d.log.Info("the fleet file was read again")
}

func (d *desk) cluster() string {
	s, giveBack := d.Borrow()
	defer giveBack()
	return s.Fleet.Cluster
}

// redacted is the log's way to standard error.
type redacted struct {
	d *desk
	w interface{ Write([]byte) (int, error) }
}

func (r redacted) Write(b []byte) (int, error) {
	return r.d.redactor().Writer(r.w).Write(b)
}

// manifest prints the Slack app.
func (p *process) manifest(args []string) error {
	fs := p.flags("manifest")
	address := fs.String("url", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return ops.Errorf(ops.Invalid, "bot manifest [--url https://.../slack/events]", "manifest takes an address for signed requests, or nothing for Socket Mode.")
	}
	m, err := bot.Manifest(*address)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", m)
	return err
}

// announce tells the channel what the terminal did, when Slack can be reached
// and a token is set. Whether it worked changes nothing.
func (p *process) announce(ctx context.Context, fleet *regions.Fleet, res control.Result) {
	if res.Op == nil || p.getenv("SLACK_BOT_TOKEN")+p.getenv("SLACK_BOT_TOKEN_FILE") == "" || fleet.Slack.Channel == "" {
		return
	}
	o, err := p.slackOptions(fleet)
	if err == nil {
		o.Redactor = func() *secret.Redactor { return fleet.Redactor(tokensOf(o)...) }
		err = bot.Announce(ctx, o, *res.Op)
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "bot: Slack was not told:", fleet.Redactor(tokensOf(o)...).Text(err.Error()))
	}
}
