package kernel

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxFiles is the kernel's limit of open files, which nothing here reaches.
const MaxFiles = 1 << 20

// virtual reports a path of which no file is kept.
func virtual(at string) bool {
	return at == "/proc" || at == "/sys" || strings.HasPrefix(at, "/proc/") || strings.HasPrefix(at, "/sys/")
}

// The files of a process's folder in /proc.
var perProcess = map[string]func(p, reader *Process) string{
	"cmdline":      func(p, _ *Process) string { return strings.Join(append(p.Words(), ""), "\x00") },
	"comm":         func(p, _ *Process) string { return comm(p) + "\n" },
	"stat":         statLine,
	"status":       statusText,
	"uid_map":      func(_, _ *Process) string { return fmt.Sprintf("%10d %10d %10d\n", 0, 0, uint32(1<<32-1)) },
	"net/fib_trie": func(p, _ *Process) string { return p.net().FibTrie() },
	"net/route":    func(p, _ *Process) string { return p.net().Routes() },
	"net/tcp":      func(p, _ *Process) string { return p.net().TCP() },
	"net/tcp6":     func(_, _ *Process) string { return tcp6Head },
	"net/sockstat6": func(_, _ *Process) string {
		return "TCP6: inuse 0\nUDP6: inuse 0\nUDPLITE6: inuse 0\nRAW6: inuse 0\nFRAG6: inuse 0 memory 0\n"
	},
}

const tcp6Head = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

func comm(p *Process) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == "" {
		return "?"
	}
	name := path.Base(p.file)
	return name[:min(15, len(name))]
}

func parentIn(p, reader *Process) int {
	if p.Parent == nil {
		return 0
	}
	select {
	case <-p.Parent.done: // orphans belong to the first process
		if p.NSPID == 1 {
			return 0
		}
		return 1
	default:
		return p.Parent.numberIn(reader.PIDs)
	}
}

func statLine(p, reader *Process) string {
	ticks := p.Started.Sub(p.Machine.Booted).Milliseconds() / 10
	group := p.leader().numberIn(reader.PIDs)
	return fmt.Sprintf("%d (%s) S %d %d %d 0 -1 4194304 100 0 0 0 1 1 0 0 20 0 1 0 %d 4096000 500 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		p.numberIn(reader.PIDs), comm(p), parentIn(p, reader), group, group, ticks)
}

func statusText(p, reader *Process) string {
	return fmt.Sprintf("Name:\t%s\nState:\tS (sleeping)\nPid:\t%d\nPPid:\t%d\nCapBnd:\t000001ffffffffff\n", comm(p), p.numberIn(reader.PIDs), parentIn(p, reader))
}

// proc is the content of a virtual file at this moment.
func (p *Process) proc(at string) (string, error) {
	switch at {
	case "/proc/uptime":
		up := time.Since(p.Machine.Booted).Seconds()
		return fmt.Sprintf("%.2f %.2f\n", up, up), nil
	case "/proc/sys/kernel/random/boot_id":
		return fmt.Sprintf("00000000-0000-4000-8000-%012x\n", p.Machine.Booted.UnixMilli()&(1<<48-1)), nil
	case "/proc/sys/fs/nr_open":
		return fmt.Sprintln(MaxFiles), nil
	case "/proc/sys/kernel/hostname":
		return p.Machine.Name + "\n", nil
	}
	of, rest, ok := p.procOf(at)
	if !ok {
		return "", fs.ErrNotExist
	}
	if read := perProcess[rest]; read != nil {
		return read(of, p), nil
	}
	return "", fs.ErrNotExist
}

// procOf splits /proc/NUMBER/REST, /proc/self/REST and /proc/net/REST.
func (p *Process) procOf(at string) (of *Process, rest string, ok bool) {
	at, ok = strings.CutPrefix(at, "/proc/")
	if !ok {
		return nil, "", false
	}
	first, rest, _ := strings.Cut(at, "/")
	switch first {
	case "self":
		return p, rest, true
	case "net":
		return p, strings.TrimSuffix("net/"+rest, "/"), true
	}
	pid, err := strconv.Atoi(first)
	if err != nil {
		return nil, "", false
	}
	of, err = p.Find(pid)
	if err != nil && pid == 1 && p.PIDs == p.Machine.pids {
		return &Process{Machine: p.Machine, PID: 1, NSPID: 1, PIDs: p.PIDs, Net: p.Machine.Net, Root: p.Machine.Root, argv: []string{"/sbin/init"}, file: "/sbin/init", Started: p.Machine.Booted, group: p}, rest, true
	}
	return of, rest, err == nil
}

func (p *Process) statProc(at, name string) (fs.FileInfo, error) {
	i := info{name: path.Base(at), mode: 0o444, at: time.Now()}
	if _, err := p.proc(at); err == nil {
		return i, nil
	}
	if _, err := p.listProc(at, name); err == nil {
		i.mode = fs.ModeDir | 0o555
		return i, nil
	}
	if dev, ok := strings.CutPrefix(at, "/sys/class/net/"); ok && slices.Contains(p.Net.Devs(), dev) {
		return i, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

func (p *Process) listProc(at, name string) ([]fs.FileInfo, error) {
	var names []string
	switch at {
	case "/proc":
		if p.PIDs == p.Machine.pids {
			names = append(names, "1")
		}
		for _, o := range p.Others() {
			names = append(names, strconv.Itoa(o.numberIn(p.PIDs)))
		}
		names = append(names, "self", "net", "uptime")
	case "/sys", "/sys/class":
		names = []string{"net"}
	case "/sys/class/net":
		names = p.Net.Devs()
	default:
		_, rest, ok := p.procOf(at)
		if !ok || rest != "" && rest != "net" {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		for file := range perProcess {
			if file, ok := strings.CutPrefix(file, "net/"); ok == (rest == "net") {
				names = append(names, file)
			}
		}
	}
	slices.Sort(names)
	list := make([]fs.FileInfo, len(names))
	for i, n := range names {
		list[i] = info{name: n, mode: 0o444, at: time.Now()}
		if _, err := strconv.Atoi(n); err == nil || n == "self" || n == "net" {
			list[i] = info{name: n, mode: fs.ModeDir | 0o555, at: time.Now()}
		}
	}
	return list, nil
}

// NumberFor is the process's number as another one sees it, ParentFor its
// parent's and GroupFor that of its group's leader; 0 for who is not seen from
// there.
func (p *Process) NumberFor(reader *Process) int { return p.numberIn(reader.PIDs) }

// ParentFor is explained at NumberFor.
func (p *Process) ParentFor(reader *Process) int { return parentIn(p, reader) }

// GroupFor is explained at NumberFor.
func (p *Process) GroupFor(reader *Process) int { return p.leader().numberIn(reader.PIDs) }

// Comm is the name of the program, as /proc shows it.
func (p *Process) Comm() string { return comm(p) }
