package script

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// reaper starts children and collects every child that ends, also those that
// nobody waits for: the first process of a container has to.
type reaper struct {
	self  string
	ended chan os.Signal
	wg    sync.WaitGroup

	mu      sync.Mutex
	waiting map[int]chan int
}

func newReaper(self string) *reaper {
	r := &reaper{self: self, ended: make(chan os.Signal, 1), waiting: map[int]chan int{}}
	signal.Notify(r.ended, syscall.SIGCHLD)
	r.wg.Go(func() {
		for range r.ended {
			r.reap()
		}
	})
	return r
}

// Close collects no more.
func (r *reaper) Close() {
	signal.Stop(r.ended)
	close(r.ended)
	r.wg.Wait()
}

// Run starts this program under another name. The channel gets its exit status.
func (r *reaper) Run(args ...string) (<-chan int, error) {
	r.mu.Lock() // so that a child that ends at once is not reaped unknown
	defer r.mu.Unlock()
	p, err := os.StartProcess(r.self, args, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}, Env: os.Environ()})
	if err != nil {
		return nil, err
	}
	ch := make(chan int, 1)
	r.waiting[p.Pid] = ch
	return ch, p.Release()
}

func (r *reaper) reap() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if pid <= 0 || err != nil {
			return
		}
		if ch := r.waiting[pid]; ch != nil {
			delete(r.waiting, pid)
			ch <- ws.ExitStatus()
		}
	}
}

// Terminate passes the TERM on to whatever runs.
func (r *reaper) Terminate() int {
	list := children(os.Getpid())
	for _, pid := range list {
		_ = syscall.Kill(pid, syscall.SIGTERM) // gone meanwhile otherwise
	}
	return len(list)
}

// children lists the living children of a process.
func children(of int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	var out []int
	for _, name := range stats {
		b, err := os.ReadFile(name)
		_, after, ok := strings.Cut(string(b), ") ") // the name in brackets may hold blanks
		if err != nil || !ok {
			continue
		}
		f := strings.Fields(after)
		pid, errPID := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if len(f) > 1 && f[1] == strconv.Itoa(of) && f[0] != "Z" && errPID == nil {
			out = append(out, pid)
		}
	}
	return out
}
