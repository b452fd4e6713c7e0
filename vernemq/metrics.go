package vernemq

import (
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Metrics are the counters and gauges of one node by their bare names, as in
// cluster_bytes_dropped, since the broker started. A name that the answer
// did not have is absent, which is not zero.
type Metrics map[string]float64

var metricLine = regexp.MustCompile(`\A(?:counter|gauge|histogram)\.(\w+) = (-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\z`)

// ParseMetrics reads `vmq-admin metrics show`, also a part of it that was
// taken with grep. The last line must have its newline: without it nobody
// can tell 45 from the beginning of 451.
func ParseMetrics(a answer.Answer) (Metrics, error) {
	words, err := said(a)
	if err != nil {
		return nil, err
	}
	last := strings.TrimRight(a.Stdout, " \t\r")
	if a.Exit != 0 || words == "" || !strings.HasSuffix(last, "\n") && !strings.HasSuffix(last, "}") {
		return nil, garbled(a, words)
	}
	m := Metrics{}
	for line := range strings.SplitSeq(words, "\n") {
		if line == "" || strings.HasPrefix(line, "# ") { // --with-descriptions
			continue
		}
		f := metricLine.FindStringSubmatch(line)
		if f == nil {
			return nil, garbled(a, line)
		}
		if m[f[1]], err = strconv.ParseFloat(f[2], 64); err != nil {
			return nil, garbled(a, line)
		}
	}
	if len(m) == 0 {
		return nil, garbled(a, words)
	}
	return m, nil
}

type metricFacts struct {
	Metrics Metrics `json:"metrics"`
}

func explainMetrics(a answer.Answer) (any, string, error) {
	m, err := ParseMetrics(a)
	return metricFacts{m}, m.say(), err
}

// say points at the numbers that tell of lost messages.
func (m Metrics) say() string {
	var b strings.Builder
	b.WriteString(counted(len(m), "number", "numbers") + " of this node, counted since it started.")
	if m["cluster_bytes_dropped"] > 0 {
		b.WriteString(" cluster_bytes_dropped is above zero: messages for another node were lost, perhaps long ago. If it still rises, a node's 44053 is not bound or cannot be reached: look with `diagnose`.")
	}
	if m["netsplit_detected"] > m["netsplit_resolved"] {
		b.WriteString(" A netsplit is open: netsplit_detected is above netsplit_resolved. Look with `cluster show` on every node.")
	}
	if m["cluster_bytes_dropped"] <= 0 && m["netsplit_detected"] <= m["netsplit_resolved"] {
		b.WriteString(" cluster_bytes_dropped at zero is no proof that messages cross: the first 10 kB for a dead channel are buffered and not counted.")
	}
	return b.String()
}
