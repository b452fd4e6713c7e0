package dockerd

import (
	"fmt"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// top lists the container's processes as the machine's ps writes them.
func (c *Container) top(args string) (titles []string, rows [][]string, err error) {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if c.run == nil {
		if c.st.restarting {
			return nil, nil, conflict("Container %s is restarting, wait until the container is running", c.id)
		}
		return nil, nil, conflict("Container %s is not running", c.id)
	}
	titles = []string{"UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"}
	columns := []string{"user", "pid", "ppid", "c", "stime", "tty", "time", "args"}
	if args = strings.TrimSpace(args); args != "" && args != "-ef" {
		if columns = wanted(args); len(columns) == 0 {
			return nil, nil, broken("Error running ps: exit status 1")
		}
		titles = nil
		for _, w := range columns {
			titles = append(titles, heads[w])
		}
	}
	rows = [][]string{}
	for _, p := range c.run.proc.Others() {
		var row []string
		for _, w := range columns {
			row = append(row, column(p, w))
		}
		rows = append(rows, row)
	}
	c.tell("top", nil)
	return titles, rows, nil
}

var heads = map[string]string{"user": "USER", "pid": "PID", "ppid": "PPID", "args": "COMMAND", "cmd": "CMD", "command": "COMMAND", "comm": "COMMAND", "stime": "STIME", "time": "TIME", "tty": "TT", "c": "C", "etime": "ELAPSED", "rss": "RSS"}

// wanted reads the columns of ps -eo A,B; nil when it is something else.
func wanted(args string) []string {
	words := strings.Fields(args)
	var list []string
	for i, w := range words {
		rest, ok := strings.CutPrefix(w, "-eo")
		if !ok {
			rest, ok = strings.CutPrefix(w, "-o")
		}
		if !ok {
			continue
		}
		if rest == "" && i+1 < len(words) {
			rest = words[i+1]
		}
		for _, name := range strings.Split(rest, ",") {
			if heads[name] == "" {
				return nil
			}
			list = append(list, name)
		}
	}
	return list
}

func column(p *kernel.Process, name string) string {
	switch name {
	case "user":
		return "root"
	case "pid":
		return itoa(p.PID)
	case "ppid":
		if p.Parent != nil {
			return itoa(p.Parent.PID)
		}
		return "1"
	case "args", "cmd", "command":
		return strings.Join(p.Words(), " ")
	case "comm":
		words := p.Words()
		return words[0][strings.LastIndex(words[0], "/")+1:]
	case "stime":
		return p.Started.Format("15:04")
	case "etime":
		d := time.Since(p.Started)
		return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	case "time":
		return "00:00:00"
	case "tty":
		return "?"
	}
	return "0"
}
