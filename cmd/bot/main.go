// Command bot runs VerneMQ clusters from a terminal (bot run) and from Slack
// (bot serve). It joins the rooms; it holds no logic of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"vmqbot/commands"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/speech"
	"vmqbot/terminal"
)

func main() {
	ends, hangup := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, make(chan os.Signal, 1)
	if len(os.Args) > 1 && (os.Args[1] == "serve" || os.Args[1] == "watch") { // a service reads its file again
		ends = ends[:2]
		signal.Notify(hangup, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	context.AfterFunc(ctx, stop) // the first signal ends the work in order, the second ends the process
	p := &process{args: os.Args[1:], stdin: os.Stdin, getenv: os.Getenv, hangup: hangup}
	p.stdout, p.stderr = terminal.Plainly(os.Stdout, os.Stderr, os.Getenv)
	os.Exit(p.main(ctx))
}

// process is everything that main gets from the operating system, so that
// tests can run the whole program without one.
type process struct {
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
	hangup <-chan os.Signal
	config string // the fleet file of this run, for what to type next

	tongue   *speech.Tongue   // of the fleet file, or of the terminal before it was read; nil for English
	redactor *secret.Redactor // of that file's secrets; nil before it was read
}

// sentence is an error with its way out as one types it here.
func (p *process) sentence(err error) string {
	var e *ops.Error
	if !errors.As(err, &e) || e.Fix == "" || err.Error() != e.Error() {
		return err.Error() // one that wraps or joins others is told whole
	}
	return e.Msg + " Type: " + p.typed(e.Fix)
}

// typed turns a verb into the command line of this terminal.
func (p *process) typed(fix string) string {
	if !beginsWithVerb(fix) {
		return fix
	}
	config := p.config
	if config == "" {
		config = "fleet.yaml"
	}
	return "bot run --config " + config + " -- " + fix
}

// beginsWithVerb knows verbs of one word and of two, as conf push.
func beginsWithVerb(fix string) bool {
	words := strings.Fields(fix)
	for n := range min(2, len(words)) {
		if _, ok := commands.Find(strings.Join(words[:n+1], " ")); ok {
			return true
		}
	}
	return false
}

// speaks chooses the language; a terminal that cannot show its letters has English.
func (p *process) speaks(lang string) {
	p.tongue = speech.In(lang)
	for _, w := range []io.Writer{p.stdout, p.stderr} {
		if _, plain := w.(*terminal.ASCII); plain {
			p.tongue = nil
		}
	}
}

// ofTerminal is the language of this terminal's user, by which the bot speaks
// before it has read a fleet file.
func ofTerminal(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return v[:strings.IndexAny(v+"_", "_.@")] // zh_CN.UTF-8, zh.UTF-8, zh
		}
	}
	return ""
}

// errSilent ends with its code and prints nothing: the result said it all.
type errSilent int

func (e errSilent) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

const usage = `bot runs VerneMQ clusters.

  bot run --config fleet.yaml [--dry-run] [--json] [--yes] -- VERB ARGS...   do one verb; "help" lists them
  bot doctor --config fleet.yaml [--json] [TARGET]                            everything that a first day needs, one line each
  bot explain --command CMD --exit N [--stderr FILE] [--json] < ANSWER        what a pasted answer means
  bot explain [--json] FILE.txtar...                                          the same for kept runs
  bot healthcheck --config fleet.yaml                                         whether this bot could work
  bot serve --config fleet.yaml [--listen 127.0.0.1:8085] [--no-watch]        the bot in Slack, which watches; --no-watch: commands only
  bot watch --config fleet.yaml [--listen 127.0.0.1:9464] [--idle] [--verbose]
                                                                              watch, print alerts, repair what may be; --idle: repair nothing;
                                                                              --listen: /metrics, /healthz, /readyz, /mesh, /mesh.json
  bot guard ...                                                               on a region's host; the bot types it there (guard install)
  bot manifest [--url https://HOST/slack/events]                              the Slack app, to be pasted there
  bot audit verify --config fleet.yaml                                        whether the audit is as it was written
  bot sim --dir D [--nodes N] [--pace F] [--port P]                           a simulated fleet; writes D/fleet.yaml
  bot sim --dir D VERB ARGS...                                                break or ask that fleet; "help" lists the verbs
  bot demo [--port 3000] [--terminal]                                         the whole product on this machine, in a browser or here
  bot completion bash|zsh|fish                                                completion for a shell: source <(bot completion bash)
  bot man                                                                     this and every verb as a manual page: bot man | man -l -
  bot version                                                                 what this is

Exit status: 0 done, or looked and all is well; 1 failed, or something is bad;
2 wrong words or a wrong fleet file; 3 refused or cancelled; 4 could not see.
`

// main runs one subcommand and returns the exit status.
func (p *process) main(ctx context.Context) int {
	p.speaks(ofTerminal(p.getenv))
	err := p.dispatch(ctx)
	var silent errSilent
	if errors.As(err, &silent) {
		return int(silent)
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "bot:", terminal.Printable(p.tongue.Text(p.redactor.Text(p.sentence(err)))))
		return ops.CodeOf(err).Exit()
	}
	return 0
}

func (p *process) dispatch(ctx context.Context) error {
	if len(p.args) == 0 {
		fmt.Fprint(p.stderr, p.tongue.Text(usage))
		return errSilent(ops.Invalid.Exit())
	}
	name, args := p.args[0], p.args[1:]
	switch name {
	case "version", "--version", "help", "--help", "-h":
		if len(args) > 0 {
			return ops.Errorf(ops.Invalid, "bot "+name, "%s takes no words after it, and %q stands there.", name, args[0])
		}
	}
	switch name {
	case "run":
		return p.run(ctx, args)
	case "doctor":
		return p.doctor(ctx, args)
	case "explain":
		return p.explain(args)
	case "healthcheck":
		return p.healthcheck(ctx, args)
	case "serve":
		return p.serve(ctx, args)
	case "watch":
		return p.watch(ctx, args)
	case "guard":
		return p.guard(ctx, args)
	case "manifest":
		return p.manifest(args)
	case "audit":
		return p.audit(ctx, args)
	case "sim":
		return p.sim(ctx, args)
	case "demo":
		return p.demo(ctx, args)
	case "complete":
		return p.complete(args)
	case "completion":
		return p.completion(args)
	case "man":
		return p.man(args)
	case "version", "--version":
		return p.version()
	case "help", "--help", "-h":
		fmt.Fprint(p.stdout, p.tongue.Text(usage))
		return nil
	default:
		return ops.Errorf(ops.Invalid, "bot help", "There is no subcommand %q.", name)
	}
}
