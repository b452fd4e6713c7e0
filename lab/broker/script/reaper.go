package script

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// reaper starts children and collects every child that ends, also those that
// nobody waits for: the first process of a container has to.
type reaper struct {
	mu      sync.Mutex
	waiting map[int]chan int
}

// run starts this program under another name. The channel gets its exit status.
func (r *reaper) run(self string, args ...string) (chan int, error) {
	r.mu.Lock() // so that a child that ends at once is not reaped unknown
	defer r.mu.Unlock()
	p, err := os.StartProcess(self, args, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}, Env: os.Environ()})
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

// endChildren passes the TERM on to whatever runs, and waits for it a while.
func endChildren(ctx context.Context, r *reaper) {
	for range 50 {
		list := children(os.Getpid())
		if len(list) == 0 {
			return
		}
		for _, pid := range list {
			_ = syscall.Kill(pid, syscall.SIGTERM) // gone meanwhile otherwise
		}
		pause(ctx, 100*time.Millisecond)
		r.reap()
	}
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
