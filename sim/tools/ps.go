package tools

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// ps lists the processes that the caller sees: -e with the columns of -o, or
// its own few as procps does.
func ps(p *kernel.Process) int {
	o, ok := parse(p, "eAfo:p:axuw", "no-headers", "pid=")
	if !ok {
		return 1
	}
	columns := o.get("o", "pid,tty,time,cmd")
	if o.has("f") && !o.has("o") {
		columns = "user,pid,ppid,tty,time,args"
	}
	wanted := strings.FieldsFunc(strings.ReplaceAll(o.get("p", o.get("pid", "")), "\n", ","), func(r rune) bool { return r == ',' || r == ' ' })
	names := strings.FieldsFunc(columns, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	heads := map[string]string{"cmd": "CMD", "args": "COMMAND", "command": "COMMAND", "comm": "COMMAND", "tty": "TTY", "time": "TIME", "etimes": "ELAPSED", "user": "USER", "stat": "STAT"}
	head, bare := []string{}, true
	for i, name := range names {
		name, title, given := strings.Cut(name, "=")
		if names[i] = name; !given {
			title = heads[name]
			if title == "" {
				title = strings.ToUpper(name)
			}
		}
		head = append(head, title)
		bare = bare && given && title == ""
	}
	if !bare && !o.has("no-headers") {
		row(p, names, func(i int) string { return head[i] })
	}
	found := false
	for _, other := range p.Others() {
		if len(wanted) > 0 {
			if !contains(wanted, strconv.Itoa(other.NumberFor(p))) {
				continue
			}
		} else if !o.has("e", "A", "a", "x") && other != p && other != p.Parent {
			continue
		}
		found = true
		row(p, names, func(i int) string { return cell(p, other, names[i]) })
	}
	if len(wanted) > 0 && !found {
		return 1
	}
	return 0
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

func row(p *kernel.Process, names []string, text func(int) string) {
	widths := map[string]int{"pid": 7, "ppid": 7, "pgid": 7, "sid": 7, "etimes": 7, "user": -8, "tty": -8, "stat": -4, "comm": -15, "time": 8}
	var b strings.Builder
	for i, name := range names {
		width := widths[name]
		if i == len(names)-1 && width < 0 {
			width = 0
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%*s", width, text(i))
	}
	p.Printf("%s\n", b.String())
}

func cell(p, other *kernel.Process, name string) string {
	switch name {
	case "pid":
		return strconv.Itoa(other.NumberFor(p))
	case "ppid":
		return strconv.Itoa(other.ParentFor(p))
	case "pgid", "sid", "sess":
		return strconv.Itoa(other.GroupFor(p))
	case "args", "command", "cmd":
		return strings.Join(other.Words(), " ")
	case "comm", "ucmd":
		return other.Comm()
	case "user", "uname":
		return "root"
	case "tty":
		return "?"
	case "time":
		return "00:00:00"
	case "etimes":
		return strconv.Itoa(int(time.Since(other.Started).Seconds()))
	case "stat", "state", "s":
		return "S"
	}
	return "-"
}

// kill sends a signal to processes, and to groups behind "--".
func kill(p *kernel.Process) int {
	args, sig := p.Argv[1:], kernel.TERM
	if len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "--" {
		name := args[0][1:]
		if args = args[1:]; name == "s" && len(args) > 0 {
			name, args = args[0], args[1:]
		}
		var ok bool
		if sig, ok = kernel.SignalOf(name); !ok {
			complain(p, "unknown signal %s", name)
			return 1
		}
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	status := 0
	for _, word := range args {
		pid, err := strconv.Atoi(word)
		if err != nil {
			complain(p, "failed to parse argument: '%s'", word)
			return 1
		}
		if !p.Kill(pid, sig) {
			complain(p, "(%d): No such process", pid)
			status = 1
		}
	}
	return status
}
