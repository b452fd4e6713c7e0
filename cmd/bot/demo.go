//go:build !nosim

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/demo"
	"vmqbot/ops"
	"vmqbot/sim"
	"vmqbot/sim/guarded"
	"vmqbot/speech"
)

const (
	demoFix  = "bot demo [--port N] [--terminal]"
	demoPort = 3000
	demoTerm = "bot demo --terminal"

	// demoReady bounds the time from the bot's start to its connections.
	demoReady = 30 * time.Second
)

// demo shows the whole product: a simulated fleet, a Slack in the browser, and
// the bot between them. It ends with the first signal and leaves nothing behind
// but local-slack in the cache.
func (p *process) demo(ctx context.Context, args []string) (err error) {
	fs := p.flags("demo")
	port := fs.Int("port", demoPort, "")
	inTerminal := fs.Bool("terminal", false, "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 || *port < 1 || *port > 65535 {
		if errors.Is(err, flag.ErrHelp) {
			_, err = fmt.Fprint(p.stdout, usage)
			return err
		}
		return ops.Errorf(ops.Invalid, demoFix, "demo takes the port of its page, 1 to 65535, and --terminal, and nothing else.")
	}
	program := ""
	if !*inTerminal { // before anything is started: it may be missing
		if program, err = demo.Find(ctx, demo.Place{Getenv: p.getenv, Platform: runtime.GOOS + "/" + runtime.GOARCH, Log: p.stderr}); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "vmqbot-demo-")
	if err != nil {
		return ops.Errorf(ops.Failed, demoFix, "The demo has no folder for its files: %v.", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	commands.Demo()
	f, err := sim.Up(ctx, sim.Options{Dir: filepath.Join(dir, "fleet"), Pace: 1, Log: io.Discard, Native: guarded.Main})
	if err != nil {
		return simError(err)
	}
	defer f.Close()
	config, err := demoFleet(f.FleetFile(), p.demoLanguage())
	if err != nil {
		return err
	}
	if *inTerminal {
		return p.demoTerminal(ctx, config)
	}
	return p.demoPage(ctx, dir, config, program, *port)
}

// demoLanguage is that of whoever types the command: a browser shows every letter,
// also where this terminal does not.
func (p *process) demoLanguage() string {
	if lang := ofTerminal(p.getenv); slices.Contains(speech.Languages(), lang) {
		return lang
	}
	return "en"
}

// demoFleet writes the fleet file of the demo: the simulated fleet's, with the
// demo's people in the place of nobody.
func demoFleet(simulated, lang string) (string, error) {
	b, err := os.ReadFile(simulated) //nolint:gosec // sim has written it
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for line := range strings.Lines(string(b)) {
		if !strings.HasPrefix(line, "roles:") {
			text.WriteString(line)
		}
	}
	text.WriteString(demo.FleetPart)
	text.WriteString("lang: " + lang + "\n")
	at := filepath.Join(filepath.Dir(simulated), "demo.yaml")
	return at, os.WriteFile(at, []byte(text.String()), 0o600)
}

// demoPage serves the fleet in local-slack until ctx or one of the two ends.
func (p *process) demoPage(ctx context.Context, dir, config, program string, port int) (err error) {
	page, err := demo.Open(ctx, program, dir, port)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.Close()) }()
	pinned, err := page.Guide(ctx, speech.In(p.demoLanguage()).Text(demo.Tour))
	if err != nil {
		return err
	}
	ears, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	log := filepath.Join(dir, "serve.log")
	f, err := os.Create(log) //nolint:gosec // in a folder of our own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	env := map[string]string{"SLACK_API_URL": page.API, "SLACK_BOT_TOKEN": demo.BotToken, "SLACK_APP_TOKEN": demo.AppToken}
	inner := &process{stdout: f, stderr: f, stdin: strings.NewReader(""), getenv: func(name string) string {
		if v, ours := env[name]; ours {
			return v
		}
		return p.getenv(name)
	}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- inner.serve(ctx, []string{"--config", config, "--listen", ears}) }() // waited for below
	if ready(ctx, "http://"+ears+"/readyz") {
		tour := "The channel's first message"
		if pinned {
			tour = "The message pinned in the channel"
		}
		_, _ = fmt.Fprint(p.stdout, p.tongue.Text(fmt.Sprintf("Open %s\n\n%s says what to try. Ctrl-C ends the demo, and nothing stays.\nNo browser here? From a machine that has one: ssh -L %d:localhost:%[3]d THIS-MACHINE. Or type: %[4]s\n", page.URL, tour, port, demoTerm)))
	}
	select {
	case err = <-served:
		if err == nil && ctx.Err() == nil {
			err = ops.Errorf(ops.Failed, demoFix, "The bot ended by itself.")
		}
	case <-page.Ended():
		err = ops.Errorf(ops.Failed, demoFix, "local-slack, the page, ended by itself.")
		cancel()
		err = errors.Join(err, <-served)
	case <-ctx.Done():
		return <-served
	}
	if err != nil {
		tail(p.stderr, log)
	}
	return err
}

// ready asks until the bot has its connections, and reports whether it has.
func ready(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, demoReady)
	defer cancel()
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return true
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// tail prints the end of the bot's log, which is gone in a moment.
func tail(w io.Writer, file string) {
	b, err := os.ReadFile(file) //nolint:gosec // ours
	if err != nil {
		return
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	for _, line := range lines[max(0, len(lines)-10):] {
		_, _ = fmt.Fprintln(w, line)
	}
}

// demoTerminal is the same fleet and its verbs without a page: one verb on each
// line, until the input or ctx ends.
func (p *process) demoTerminal(ctx context.Context, config string) error {
	_, _ = fmt.Fprint(p.stdout, p.tongue.Text(fmt.Sprintf(`A simulated fleet of four regions runs in this process: cn, sg, us, eu.
Type a verb on each line: status, mesh, deploy eu, demo break cn, diagnose, reattach cn, history, help; quit ends it.
To see it heal by itself, type in another terminal: bot watch --config %s
`, config)))
	for {
		_, _ = fmt.Fprint(p.stdout, "> ")
		line, more := nextLine(ctx, p.stdin)
		words := strings.Fields(line)
		switch {
		case !more, len(words) == 1 && (words[0] == "quit" || words[0] == "exit"):
			_, err := fmt.Fprintln(p.stdout)
			return err
		case len(words) == 0:
			continue
		}
		verb := slices.IndexFunc(words, func(w string) bool { return !strings.HasPrefix(w, "--") })
		if verb < 0 {
			verb = len(words)
		}
		args := slices.Concat([]string{"run", "--config", config}, words[:verb], []string{"--"}, words[verb:])
		one := &process{args: args, stdin: p.stdin, stdout: p.stdout, stderr: p.stderr, getenv: p.getenv}
		one.main(ctx) // its status has been told in words
	}
}

// nextLine reads one line and nothing behind it, which may answer a question
// of the verb. The reading goroutine ends with the process when nothing comes
// any more: a blocked read of a terminal cannot be called back.
func nextLine(ctx context.Context, in io.Reader) (line string, more bool) {
	type read struct {
		text string
		more bool
	}
	got := make(chan read, 1)
	go func() {
		var text []byte
		for b := make([]byte, 1); ; {
			n, err := in.Read(b)
			switch {
			case n == 1 && b[0] == '\n':
				got <- read{string(text), true}
				return
			case n == 1:
				text = append(text, b[0])
			case err != nil:
				got <- read{string(text), len(text) > 0}
				return
			}
		}
	}()
	select {
	case <-ctx.Done():
		return "", false
	case r := <-got:
		return r.text, r.more
	}
}
