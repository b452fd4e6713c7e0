package lease

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/ops"
)

// nobody stands for the holder of a released lease, and for an empty word.
const nobody = "-"

// baseName is "CLUSTER-REGION" for the lease "CLUSTER/REGION". Two
// names that give one file share a lease, which locks too much, never too
// little.
func baseName(lease string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token(lease), "/", "-"), ":", "-")
}

// token writes a text as one word for the file: what could end a word or is
// not plain becomes %XX, as in an address.
func token(s string) string {
	if s == "" {
		return nobody
	}
	if s == nobody {
		return "%2D"
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		strings.IndexByte("-_.:/@#+=,()", c) >= 0
}

// untoken reads what token wrote.
func untoken(s string) (string, error) {
	if s == nobody {
		return "", nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", errGarbled
		}
		c, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", errGarbled
		}
		b.WriteByte(byte(c))
		i += 2
	}
	return b.String(), nil
}

// errGarbled says that the lease file is not what this program writes.
var errGarbled = errors.New("the lease file is damaged")

// errNoAnswer says that the script did not come to an answer.
var errNoAnswer = errors.New("no answer")

// read reads the script's answer: what came of it, and the lease as it is now.
func read(a answer.Answer) (word string, l ops.Lease, err error) {
	f := strings.Fields(a.Stdout)
	if a.Exit != 0 {
		return "", l, fmt.Errorf("%w: exit status %d", errNoAnswer, a.Exit)
	}
	if len(f) == 1 && f[0] == "garbled" {
		return "", l, errGarbled
	}
	if len(f) != 6 || f[0] != "ok" && f[0] != "held" && f[0] != "lost" {
		return "", l, fmt.Errorf("%w: %q", errNoAnswer, a.Stdout)
	}
	var times [2]int64
	var errs [5]error
	l.Epoch, errs[0] = strconv.ParseInt(f[1], 10, 64)
	times[0], errs[1] = strconv.ParseInt(f[2], 10, 64)
	times[1], errs[2] = strconv.ParseInt(f[3], 10, 64)
	l.Holder, errs[3] = untoken(f[4])
	l.Reason, errs[4] = untoken(f[5])
	l.Since, l.Expires = time.Unix(times[0], 0), time.Unix(times[1], 0)
	if err := errors.Join(errs[:]...); err != nil {
		return "", l, errGarbled
	}
	return f[0], l, nil
}
