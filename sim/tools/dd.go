package tools

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"vmqbot/sim/kernel"
)

// dd copies blocks: each read is one block, as short as it comes.
func dd(p *kernel.Process) int {
	set := map[string]string{"bs": "512", "count": "-1", "if": "-"}
	for _, word := range p.Argv[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			complain(p, "unrecognized operand ‘%s’", word)
			return 1
		}
		set[name] = value
	}
	bs, errSize := size(set["bs"])
	count, errCount := strconv.ParseInt(set["count"], 10, 64)
	if err := errors.Join(errSize, errCount); err != nil || bs < 1 {
		complain(p, "invalid number")
		return 1
	}
	out := p.Stdout()
	if to := set["of"]; to != "" {
		d, err := p.Open(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		if err != nil {
			complain(p, "failed to open '%s': %s", to, kernel.Reason(err))
			return 1
		}
		defer d.Close() //nolint:errcheck // written already
		out = p.Use(d)
	}
	err := each(p, set["if"], func(_ string, r io.Reader) error {
		block := make([]byte, bs)
		for ; count != 0; count-- {
			n, err := r.Read(block)
			if _, err := out.Write(block[:n]); err != nil {
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
	})
	if err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			complain(p, "error writing '%s': %s", set["of"], kernel.Reason(err))
		} else {
			complain(p, "failed to open '%s': %s", set["if"], kernel.Reason(err))
		}
		return 1
	}
	return 0
}

// size reads a number with K, M or G behind it.
func size(text string) (int64, error) {
	factor := int64(1)
	if i := strings.IndexAny(text, "kKMG"); i > 0 {
		factor = map[byte]int64{'k': 1 << 10, 'K': 1 << 10, 'M': 1 << 20, 'G': 1 << 30}[text[i]]
		text = text[:i]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n * factor, err
}
