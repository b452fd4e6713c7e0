package script

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vmqbot/lab/broker/conf"
)

// stamp is the time in the names of generated files.
func stamp(t time.Time) string { return t.UTC().Format("2006.01.02.15.04.05") }

// chkconfig says whether the configuration is good, and never why not.
func (e *Env) chkconfig() int {
	line, problem := e.generate()
	if problem != nil {
		e.err("Error generating config with cuttlefish\n  run `vernemq config generate -l debug` for more information.\n")
		return 1
	}
	e.out("config is OK\n%s\n", line)
	return 0
}

// config is `vernemq config generate|effective|describe`; all succeed.
func (e *Env) config(args []string) int {
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	switch verb {
	case "generate":
		line, problem := e.generate()
		if problem != nil {
			e.out("%s \n", e.report(problem))
			return 0
		}
		e.out(" %s  \n", line)
	case "effective":
		e.effective()
	case "describe":
		if len(args) < 2 || args[1] == "-l" {
			e.out("vernemq config describe requires a variable name to query\n  Try `vernemq config describe setting.name`\n")
			return 1
		}
		e.describe(args[1])
	default:
		e.out("Valid commands for vernemq config are:\n  vernemq config effective\n  vernemq config describe VARIABLE\n")
		return 1
	}
	return 0
}

// report is a problem in the form of cuttlefish's log.
func (e *Env) report(err error) string {
	lines := []string{err.Error()}
	var p *conf.Problem
	if errors.As(err, &p) {
		lines = p.Lines
	}
	layout := "2006-01-02T15:04:05.000000-07:00"
	if e.legacy() {
		layout = "15:04:05.000"
	}
	for i, l := range lines {
		lines[i] = strings.Replace(time.Now().UTC().Format(layout), "Z", "+00:00", 1) + " [error] " + l
	}
	return strings.Join(lines, "\n")
}

// generate writes app.config and vm.args and returns the arguments that name
// them.
func (e *Env) generate() (string, error) {
	c, err := e.load()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(e.Data, "generated.configs")
	if err := e.room(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(e.real(dir), 0o755); err != nil {
		return "", err
	}
	now := stamp(time.Now())
	app, vm := filepath.Join(dir, "app."+now+".config"), filepath.Join(dir, "vm."+now+".args")
	var b strings.Builder
	for _, x := range c.Effective() {
		fmt.Fprintf(&b, "{%q, %q}.\n", x.Key, x.Value)
	}
	args := "-name " + c.Get("nodename") + "\n-setcookie " + c.Get("distributed_cookie") + "\n"
	if err := errors.Join(os.WriteFile(e.real(app), []byte(b.String()), 0o600), os.WriteFile(e.real(vm), []byte(args), 0o600)); err != nil {
		return "", err
	}
	return "-config " + app + " -args_file " + vm + " -vm_args " + vm, nil
}

// effective lists what holds. Keys that do not exist are listed as if they
// were fine.
func (e *Env) effective() {
	c, err := conf.LoadLoose(e.files(), e.Etc, e.legacy(), e.Lacks...)
	if err != nil {
		e.out("%s \n", e.report(err))
		return
	}
	var lines []string
	for _, x := range c.Effective() {
		lines = append(lines, x.Key+" = "+x.Value)
	}
	e.out("%s \n", strings.Join(lines, "\n"))
}

func (e *Env) describe(key string) {
	kind, ok := conf.Without(e.Lacks...).Datatype(key)
	if !ok {
		e.out("Variable '%s' not found \n", key)
		return
	}
	value := conf.Without(e.Lacks...).Defaults()[key]
	e.out("Documentation for %s\n\n   Datatypes: %s\n   Default Value: %s\n", key, kind, value)
	if c, err := e.load(); err == nil {
		e.out("   Set Value: %s\n", c.Get(key))
	}
	e.out(" \n")
}
