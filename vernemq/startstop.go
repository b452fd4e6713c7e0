package vernemq

import (
	"regexp"
	"strconv"
	"strings"

	"vmqbot/answer"
)

// Started says that the broker process came up. Its listeners and vmq-admin
// follow 5 to 10 seconds later.
type Started struct {
	Started     bool `json:"started"`
	OpenFiles   int  `json:"open_files,omitempty"`  // `ulimit -n`, when the script warned about it
	Recommended int  `json:"recommended,omitempty"` // what it recommends instead
}

var (
	ulimitWarning = regexp.MustCompile(`\A!!!!\n!!!! WARNING: ulimit -n is (\d+); (\d+) is the recommended minimum\.\n!!!!(?:\n|\z)`)
	awaited       = regexp.MustCompile(`\A(?:vmq_cluster_node_sup|vmq_server_sup)?\z`) // wait_for_proc; 1.x says nothing
	startTimeout  = regexp.MustCompile(`(?:\A|\n)vernemq failed to start within (\d+) seconds,\nsee the output of 'vernemq console' for more information\.\nIf you want to wait longer, set the environment variable\nWAIT_FOR_ERLANG to the number of seconds to wait\.\z`)
	adminStop     = regexp.MustCompile(`\Aok(?:\n=INFO REPORT==== .+ ===\nAdministrative (?:stop|restart))?\n*`)
)

// ParseStart reads `vernemq start`. The refusals are AlreadyRunning and
// NotStarted, which is no proof that the process is gone.
func ParseStart(a answer.Answer) (Started, error) {
	if clean(a.Stderr) == "Node is already running!" || clean(a.Stdout) == "Node is already running!" {
		return Started{}, answer.Refuse(AlreadyRunning, "Node is already running!", "the broker runs already, so nothing was done: to restart it type `vernemq chkconfig` and then `vernemq restart`.")
	}
	if r := troubleOf(a); r != nil {
		return Started{}, r
	}
	return started(a, clean(a.Stdout))
}

func started(a answer.Answer, out string) (s Started, err error) {
	s.Started = true
	if m := ulimitWarning.FindStringSubmatch(out); m != nil {
		s.OpenFiles, _ = strconv.Atoi(m[1])
		s.Recommended, _ = strconv.Atoi(m[2])
		out = strings.TrimPrefix(out, m[0])
	}
	timeout := startTimeout.FindStringSubmatch(out)
	switch {
	case timeout != nil && a.Exit != 0 && awaited.MatchString(out[:strings.Index(out, timeout[0])]):
		return Started{}, answer.Refuse(NotStarted, strings.TrimSpace(timeout[0]),
			"the broker did not answer within %s seconds. Do not start it again: first see whether its process lives (`docker top`), because with its address missing, with nodename or cookie edited, or with a large store it runs and cannot be asked. If it is gone, `vernemq config generate` names the cause.", timeout[1])
	case a.Exit == 0 && timeout == nil && awaited.MatchString(out):
		return s, nil
	}
	return Started{}, garbled(a, a.Stdout)
}

func explainStart(a answer.Answer) (any, string, error) {
	s, err := ParseStart(a)
	return s, "The broker process is up. Its listeners and vmq-admin come 5 to 10 seconds later, and it starts without its address too (F2): see that the cluster port is bound with `vmq-admin listener show`, type vmq.", err
}

// Stopped says that the broker process ended.
type Stopped struct {
	Stopped bool `json:"stopped"`
}

// ParseStop reads `vernemq stop`.
func ParseStop(a answer.Answer) (Stopped, error) {
	if r := troubleOf(a); r != nil {
		return Stopped{}, r
	}
	out := clean(a.Stdout)
	if out == "" || adminStop.FindString(out) != out || a.Exit != 0 {
		return Stopped{}, garbled(a, out)
	}
	return Stopped{true}, nil
}

func explainStop(a answer.Answer) (any, string, error) {
	s, err := ParseStop(a)
	return s, "The broker stopped. From now on every other node refuses new clients until it is back or has left, unless the allow_*_during_netsplit switches are on.", err
}

// ParseRestart reads `vernemq restart`. When it says NotStarted the node was
// stopped and stays down, for example because of a bad configuration.
func ParseRestart(a answer.Answer) (Started, error) {
	if r := troubleOf(a); r != nil {
		return Started{}, r
	}
	out := clean(a.Stdout)
	stop := adminStop.FindString(out)
	rest := strings.TrimPrefix(out, stop)
	if stop == "" || rest != "" && !strings.HasSuffix(stop, "\n") {
		return Started{}, garbled(a, out)
	}
	return started(a, rest)
}

func explainRestart(a answer.Answer) (any, string, error) {
	s, err := ParseRestart(a)
	return s, "The broker stopped and its process is up again; its clients were dropped, and the other nodes refused new ones meanwhile. See that the cluster port is bound with `vmq-admin listener show`, type vmq.", err
}
