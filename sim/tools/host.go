package tools

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// layouts are the letters of date's format.
var layouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'Z': "MST", 'z': "-0700", 'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January",
	'N': "000000000", 'T': "15:04:05", 'F': "2006-01-02", 'e': "_2", 'I': "03", 'p': "PM", 'R': "15:04", 'D': "01/02/06",
}

func date(p *kernel.Process) int {
	o, ok := parse(p, "uRIr:d:", "utc", "iso-8601=")
	if !ok {
		return 1
	}
	now, format := time.Now().UTC(), "+%a %b %e %H:%M:%S %Z %Y"
	if d, ok := strings.CutPrefix(o.get("d", ""), "@"); ok {
		seconds, err := strconv.ParseInt(d, 10, 64)
		if err != nil {
			complain(p, "invalid date ‘@%s’", d)
			return 1
		}
		now = time.Unix(seconds, 0).UTC()
	}
	if len(o.args) > 0 {
		format = o.args[0]
	}
	if !strings.HasPrefix(format, "+") {
		complain(p, "invalid date ‘%s’", format)
		return 1
	}
	var b strings.Builder
	for i := 1; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case 's':
			fmt.Fprint(&b, now.Unix())
		case '%':
			b.WriteByte('%')
		case 'n':
			b.WriteByte('\n')
		case 'N':
			fmt.Fprintf(&b, "%09d", now.Nanosecond())
		default:
			b.WriteString(now.Format(layouts[c]))
		}
	}
	p.Printf("%s\n", b.String())
	return 0
}

// sleep takes fractions and units, and adds its arguments up.
func sleep(p *kernel.Process) int {
	args := p.Argv[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		complain(p, "missing operand")
		p.Errorf("Try 'sleep --help' for more information.\n")
		return 1
	}
	var all time.Duration
	for _, word := range args {
		d, ok := duration(word)
		if !ok {
			complain(p, "invalid time interval ‘%s’", word)
			p.Errorf("Try 'sleep --help' for more information.\n")
			return 1
		}
		all += d
	}
	p.Sleep(all)
	return 0
}

// duration reads seconds with a fraction, or another unit behind them.
func duration(word string) (time.Duration, bool) {
	if word == "infinity" || word == "inf" {
		return 1 << 62, true
	}
	unit := time.Second
	if word != "" {
		if u, ok := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[word[len(word)-1]]; ok {
			unit, word = u, word[:len(word)-1]
		}
	}
	n, err := strconv.ParseFloat(word, 64)
	return time.Duration(n * float64(unit)), err == nil && n >= 0
}

func hostname(p *kernel.Process) int {
	p.Printf("%s\n", p.Machine.Name)
	return 0
}

func uname(p *kernel.Process) int {
	o, ok := parse(p, "asnrvmpio")
	if !ok {
		return 1
	}
	machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH]
	words := []string{"s", "Linux", "n", p.Machine.Name, "r", "6.1.0-26-amd64", "v", "#1 SMP PREEMPT_DYNAMIC Debian", "m", machine, "o", "GNU/Linux"}
	var said []string
	for i := 0; i < len(words); i += 2 {
		if o.has("a", words[i]) || len(o.values) == 0 && words[i] == "s" {
			said = append(said, words[i+1])
		}
	}
	p.Printf("%s\n", strings.Join(said, " "))
	return 0
}

// id knows root only: everybody is root here.
func id(p *kernel.Process) int {
	o, ok := parse(p, "ugnG")
	if !ok {
		return 1
	}
	switch {
	case o.has("n") && o.has("u", "g", "G"):
		p.Printf("root\n")
	case o.has("u", "g", "G"):
		p.Printf("0\n")
	default:
		p.Printf("uid=0(root) gid=0(root) groups=0(root)\n")
	}
	return 0
}

func whoami(p *kernel.Process) int {
	p.Printf("root\n")
	return 0
}

func nproc(p *kernel.Process) int {
	p.Printf("2\n")
	return 0
}

func pwd(p *kernel.Process) int {
	p.Printf("%s\n", p.Dir)
	return 0
}
