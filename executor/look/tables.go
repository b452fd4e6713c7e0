package look

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vmqbot/facts"
)

// tables is one answer of the reader, as text.
type tables struct {
	clock          time.Time
	stale          []string
	fib, tcp, tcp6 string
	gone           bool // the process had no network namespace to read
	disks          facts.Seen[map[string]facts.Disk]
}

// parse reads one answer. Each section ends with "@SEQ NAME STATUS"; an answer
// to another question, a missing section or an early end is an error.
func parse(r *bufio.Reader, seq, pid int, folders []string) (tables, error) {
	var t tables
	text, _, err := section(r, seq, "clock")
	if err != nil {
		return t, err
	}
	secs, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return t, fmt.Errorf("the clock says %q", text)
	}
	t.clock = time.Unix(secs, 0).UTC()
	if text, _, err = section(r, seq, "stale"); err != nil {
		return t, err
	}
	t.stale = strings.Fields(text)
	if pid != 0 {
		if err := t.network(r, seq); err != nil {
			return t, err
		}
	}
	if len(folders) > 0 {
		if t.disks, err = measured(r, seq, folders); err != nil {
			return t, err
		}
	}
	_, _, err = section(r, seq, "end")
	return t, err
}

// measured reads the disks under the folders. One that cannot be measured makes
// all of them unknown: which one is fullest is then not known either.
func measured(r *bufio.Reader, seq int, folders []string) (facts.Seen[map[string]facts.Disk], error) {
	all := map[string]facts.Disk{}
	seen := facts.Saw(all)
	for _, folder := range folders {
		text, status, err := section(r, seq, "df")
		if err != nil {
			return seen, err
		}
		disk, ok := diskOf(text)
		switch {
		case status == 124 || status == 143: // of coreutils and of busybox
			seen = facts.Missed[map[string]facts.Disk](facts.TooLate, "the disk under "+folder+" does not answer: look there with `df "+folder+"` and `mount`.")
		case status != 0 || !ok:
			seen = facts.Missed[map[string]facts.Disk](facts.Unreadable, fmt.Sprintf("what df says of %s is not understood (%s): look there with `df -Pk %[1]s`.", folder, strings.TrimSpace(text)))
		}
		all[folder] = disk
	}
	return seen, nil
}

func (t *tables) network(r *bufio.Reader, seq int) error {
	var status int
	var err error
	if t.fib, status, err = section(r, seq, "fib_trie"); err != nil {
		return err
	}
	t.gone = status != 0
	if t.tcp, status, err = section(r, seq, "tcp"); err != nil {
		return err
	}
	t.gone = t.gone || status != 0
	// A kernel without IPv6 has no tcp6.
	t.tcp6, _, err = section(r, seq, "tcp6")
	return err
}

// section reads up to the end mark of the section that must come now.
func section(r *bufio.Reader, seq int, name string) (text string, status int, err error) {
	var b strings.Builder
	mark := fmt.Sprintf("@%d %s ", seq, name)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return "", 0, fmt.Errorf("the answer ends in the middle of %s: %w", name, err)
		}
		if line[0] != '@' {
			b.Write(line)
			continue
		}
		end, ok := strings.CutPrefix(strings.TrimSuffix(string(line), "\n"), mark)
		if !ok {
			return "", 0, fmt.Errorf("%q came where %s should end", strings.TrimSpace(string(line)), strings.TrimSpace(mark))
		}
		status, err = strconv.Atoi(end)
		if err != nil {
			return "", 0, fmt.Errorf("%s ends with status %q", name, end)
		}
		return b.String(), status, nil
	}
}

// netns reads the tables of a process's network namespace.
func (t tables) netns(host string, pid int) facts.Seen[facts.Netns] {
	if t.gone {
		return facts.Missed[facts.Netns](facts.Failed, fmt.Sprintf("/proc/%d/net on %s cannot be read: the container has just ended, or /proc hides other users' processes (hidepid) from the login user.", pid, host))
	}
	n := facts.Netns{PID: pid}
	var err error
	if n.Addresses, err = facts.ParseFibTrie(t.fib); err != nil {
		return facts.Missed[facts.Netns](facts.Unreadable, err.Error())
	}
	for _, table := range []string{t.tcp, t.tcp6} {
		if table == "" {
			continue
		}
		sockets, err := facts.ParseTCP(table)
		if err != nil {
			return facts.Missed[facts.Netns](facts.Unreadable, err.Error())
		}
		n.Sockets = append(n.Sockets, sockets...)
	}
	return facts.Saw(n)
}
