package vernemq

import (
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Sample is one line of /metrics.
type Sample struct {
	Name   string            `json:"name"` // with the prefix vernemq_ from 2.0 on
	Labels map[string]string `json:"labels,omitempty"`
	Value  float64           `json:"value"`
}

// Bare is the name without the prefix that 2.x puts before it.
func (s Sample) Bare() string { return strings.TrimPrefix(s.Name, "vernemq_") }

var (
	sampleLine = regexp.MustCompile(`\A([A-Za-z_:][\w:]*)(?:\{(.*)\})? (-?[0-9.eE+-]+|NaN|[+-]?Inf)(?: -?\d+)?\z`)
	labelPair  = regexp.MustCompile(`\A([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|\z)`)
	unescape   = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")
)

// ParsePrometheus reads the body of /metrics. The last line must have its
// newline. A body that was cut between two lines can only be told by its
// content-length, which ParseHTTPMetrics looks at.
func ParsePrometheus(body string) ([]Sample, error) {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if !strings.HasSuffix(body, "\n") {
		return nil, cutMetrics(body)
	}
	var samples []Sample
	for line := range strings.SplitSeq(body, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, ok := sampleOf(line)
		if !ok {
			return nil, cutMetrics(line)
		}
		samples = append(samples, s)
	}
	if samples == nil {
		return nil, cutMetrics(body)
	}
	return samples, nil
}

func sampleOf(line string) (s Sample, ok bool) {
	m := sampleLine.FindStringSubmatch(line)
	if m == nil {
		return s, false
	}
	v, err := strconv.ParseFloat(m[3], 64)
	s = Sample{Name: m[1], Value: v}
	for rest := m[2]; rest != ""; {
		l := labelPair.FindStringSubmatch(rest)
		if l == nil {
			return s, false
		}
		if s.Labels == nil {
			s.Labels = map[string]string{}
		}
		s.Labels[l[1]] = unescape.Replace(l[2])
		rest = rest[len(l[0]):]
	}
	return s, err == nil
}

// SumMetrics adds up the samples of one name over all labels, by bare names.
func SumMetrics(samples []Sample) Metrics {
	m := Metrics{}
	for _, s := range samples {
		m[s.Bare()] += s.Value
	}
	return m
}

func cutMetrics(raw string) *answer.Refusal {
	return garbled(answer.Answer{Argv: []string{"curl", "http://127.0.0.1:8888/metrics"}}, raw)
}
