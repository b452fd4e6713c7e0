package tools

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"vmqbot/sim/kernel"
)

// input calls do with each file that is named, or the standard input; it
// complains about those that cannot be read, and 1 says that there was one.
func input(p *kernel.Process, names []string, do func(name string, r io.Reader) error) int {
	status := 0
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		if err := each(p, name, do); err != nil {
			if kernel.Broken(err) {
				return 1
			}
			status = 1
			if opening := self(p) == "head" || self(p) == "tail"; opening && !errors.Is(err, syscall.EISDIR) {
				complain(p, "cannot open '%s' for reading: %s", name, kernel.Reason(err))
				continue
			}
			cannot(p, name, err)
		}
	}
	return status
}

func each(p *kernel.Process, name string, do func(name string, r io.Reader) error) error {
	if name == "-" {
		return do(name, p.Stdin())
	}
	d, err := p.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // only read
	return do(name, p.Use(d))
}

// slurp reads all that the files hold.
func slurp(p *kernel.Process, names []string) ([]byte, int) {
	var all bytes.Buffer
	status := input(p, names, func(_ string, r io.Reader) error {
		_, err := all.ReadFrom(r)
		return err
	})
	return all.Bytes(), status
}

func linesOf(text []byte) []string {
	var list []string
	for line := range strings.Lines(string(text)) {
		list = append(list, strings.TrimSuffix(line, "\n"))
	}
	return list
}

func cat(p *kernel.Process) int {
	o, ok := parse(p, "u")
	if !ok {
		return 1
	}
	return input(p, o.args, func(_ string, r io.Reader) error {
		_, err := io.Copy(struct{ io.Writer }{p.Stdout()}, struct{ io.Reader }{r})
		return err
	})
}

func tee(p *kernel.Process) int {
	o, ok := parse(p, "ai")
	if !ok {
		return 1
	}
	out, status := []io.Writer{p.Stdout()}, 0
	for _, name := range o.args {
		flag := os.O_TRUNC
		if o.has("a") {
			flag = os.O_APPEND
		}
		d, err := p.Open(name, flag|os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			status = cannot(p, name, err)
			continue
		}
		defer d.Close() //nolint:errcheck // written already
		out = append(out, p.Use(d))
	}
	if _, err := io.Copy(io.MultiWriter(out...), p.Stdin()); err != nil {
		return 1
	}
	return status
}

// head prints the first lines or bytes. What it reads beyond them of a pipe is
// lost, unless it counts bytes: then it reads no more than it prints.
func head(p *kernel.Process) int {
	o, ok := parse(p, "n:c:q0123456789")
	if !ok {
		return 1
	}
	text, bytesWanted := o.get("n", "10"), o.has("c")
	if bytesWanted {
		text = o.get("c", "")
	}
	for name := range o.values {
		if _, err := strconv.Atoi(name); err == nil {
			text = strings.TrimPrefix(p.Argv[1], "-")
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		complain(p, "invalid number of %s: ‘%s’", map[bool]string{true: "bytes", false: "lines"}[bytesWanted], text)
		return 1
	}
	return input(p, o.args, func(_ string, r io.Reader) error {
		if bytesWanted {
			_, err := io.CopyN(struct{ io.Writer }{p.Stdout()}, r, n)
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		return firstLines(p, r, n)
	})
}

func firstLines(p *kernel.Process, r io.Reader, n int64) error {
	block := make([]byte, 8192)
	for n > 0 {
		m, err := r.Read(block)
		part := block[:m]
		for i, c := range part {
			if c == '\n' {
				if n--; n == 0 {
					part = part[:i+1]
					break
				}
			}
		}
		if _, err := p.Stdout().Write(part); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func tail(p *kernel.Process) int {
	o, ok := parse(p, "n:c:q")
	if !ok {
		return 1
	}
	text := o.get("n", "10")
	if o.has("c") {
		text = o.get("c", "")
	}
	n, err := strconv.Atoi(strings.TrimPrefix(text, "+"))
	if err != nil {
		complain(p, "invalid number of lines: ‘%s’", text)
		return 1
	}
	if n < 0 {
		n = -n
	}
	all, status := slurp(p, o.args)
	if o.has("c") {
		from := len(all) - n
		if strings.HasPrefix(text, "+") {
			from = n - 1
		}
		_, _ = p.Stdout().Write(all[min(len(all), max(0, from)):]) // nobody to tell
		return status
	}
	lines := bytes.SplitAfter(all, []byte("\n"))
	if len(lines) > 0 && len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	from := len(lines) - n
	if strings.HasPrefix(text, "+") {
		from = n - 1
	}
	_, _ = p.Stdout().Write(bytes.Join(lines[min(len(lines), max(0, from)):], nil)) // nobody to tell
	return status
}

func wc(p *kernel.Process) int {
	o, ok := parse(p, "lwcm")
	if !ok {
		return 1
	}
	return input(p, o.args, func(name string, r io.Reader) error {
		all, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		counts := []struct {
			letter string
			n      int
		}{{"l", bytes.Count(all, []byte("\n"))}, {"w", len(bytes.Fields(all))}, {"c", len(all)}, {"m", len(all)}}
		var words []string
		for _, c := range counts {
			if o.has(c.letter) || len(o.values) == 0 && c.letter != "m" {
				words = append(words, strconv.Itoa(c.n))
			}
		}
		if len(words) > 1 {
			width := 7 // of a pipe, whose size nobody knows
			if name != "-" {
				width = len(strconv.Itoa(len(all)))
			}
			for i := range words {
				words[i] = strings.Repeat(" ", max(0, width-len(words[i]))) + words[i]
			}
		}
		if name != "-" {
			words = append(words, name)
		}
		p.Printf("%s\n", strings.Join(words, " "))
		return nil
	})
}
