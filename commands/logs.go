package commands

import (
	"fmt"
	"strings"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

var _ = register(Command{
	Name:    "logs",
	Summary: "Show the last entries of the brokers' logs",
	Help: `Prints the last entries of console.log and crash.log from the log folder that is
mounted on the host, oldest first, also when the container is stopped or gone.
An entry is what was written at one time: crash reports of Erlang are folded to
their beginning and their reason, entries that repeat to their number. --whole
folds nothing, --errors reads error.log instead.

Where the folder holds no log, or with --docker, it is what the container itself
wrote: VerneMQ writes there only when log.console = console.

-f goes on, in a terminal and until it is interrupted: each entry once it is whole,
behind the name of its node. A log that is rotated or emptied, a container that
restarts and a connection that is cut are survived; a node that cannot be read is
named, tried again, and goes on from where it was.`,
	Target: NeedsTarget,
	Flags: []Flag{
		{Name: "n", Help: "how many entries of each node", Number: true, Default: 50, Min: 1, Max: 5000},
		{Name: "f", Help: "go on with what comes, until it is interrupted; in a terminal"},
		{Name: "grep", Text: "TEXT", Help: "only the entries among the last 5000 lines that hold this text, in capitals or not"},
		{Name: "errors", Help: "error.log, which has the errors alone"},
		{Name: "whole", Help: "fold nothing"},
		{Name: "docker", Help: "what the container wrote, as docker logs"},
	},
	Examples: []Example{
		{"logs cn", "the last 50 entries of each node of cn"},
		{"logs cn-1 -n 200 --grep econnrefused", "what one node says of ports that refuse it"},
		{"logs all -f --grep 10.0.0.1", "what all say of one address, and what they will say"},
	},
	Look: func(r ops.Request) Look {
		n := r.Number("n")
		if !r.Flag("docker") { // an entry may have many lines, and a text is looked for further back
			n = longestLog
		}
		return Look{Facts: facts.Need{LogLines: n, LogFiles: !r.Flag("docker")}}
	},
	View: viewLogs,
	Follow: func(r ops.Request) *Tail {
		if !r.Flag("f") {
			return nil
		}
		return newTail(r)
	},
})

// longestLog is the most lines of a file that are read.
const longestLog = 5000

// logData is the --json form of one node's logs.
type logData struct {
	Files  facts.Seen[[]facts.LogFile] `json:"files"`
	Docker facts.Seen[[]string]        `json:"docker"`
}

func viewLogs(r ops.Request, w ops.World) (View, error) {
	var b strings.Builder
	verdict := checks.OK
	data := map[string]logData{}
	for _, n := range r.Nodes {
		d := logData{w.Seen.Nodes[n.Name].LogFiles, w.Seen.Nodes[n.Name].Log}
		data[n.Name] = d
		files, read := d.Files.Get()
		if !r.Flag("docker") && read && len(files) > 0 {
			writeFiles(&b, r, n, files)
			continue
		}
		lines, ok := d.Docker.Get()
		switch {
		case !ok && !r.Flag("docker"):
			verdict = checks.Unknown
			fmt.Fprintf(&b, "%s %s: the log could not be read: %s\n", n.Name, n.Container, firstOf(d.Files.Why(), d.Docker.Why()))
		case !ok:
			verdict = checks.Unknown
			fmt.Fprintf(&b, "%s %s: the log could not be read: %s\n", n.Name, n.Container, d.Docker.Why())
		default:
			if !r.Flag("docker") && !read && d.Files.Blind() != facts.Absent { // what was asked for is not seen
				verdict = checks.Unknown
				fmt.Fprintf(&b, "%s: the files of the log could not be read: %s\n", n.Name, d.Files.Why())
			}
			writeLog(&b, r, n.Name+" "+n.Container, lines)
			if len(lines) == 0 {
				fmt.Fprintf(&b, "  VerneMQ's own log is in %s on the host\n", n.Volumes.Log)
			}
		}
	}
	return View{Text: b.String(), Data: data, Verdict: verdict, Raw: true}, nil
}

// writeFiles prints console.log and, where it holds anything, crash.log.
func writeFiles(b *strings.Builder, r ops.Request, n regions.Node, files []facts.LogFile) {
	for _, f := range files {
		wanted := f.Name != "error.log"
		if r.Flag("errors") {
			wanted = f.Name == "error.log"
		}
		if wanted && (f.Name != "crash.log" || len(f.Lines) > 0) {
			writeLog(b, r, n.Name+" "+n.Container+" "+f.Name, f.Lines)
		}
	}
}

// writeLog prints the last entries of one log.
func writeLog(b *strings.Builder, r ops.Request, what string, lines []string) {
	shown := folding(lines, r.Number("n"), r.Args["grep"], r.Flag("whole"))
	switch {
	case len(lines) == 0:
		fmt.Fprintf(b, "%s: the log is empty\n", what)
	case len(shown) == 0:
		fmt.Fprintf(b, "%s: none of the last %s holds %q\n", what, count(len(lines), "line"), r.Args["grep"])
	default:
		fmt.Fprintf(b, "%s, last %s:\n  %s\n", what, count(len(shown), "line"), strings.Join(shown, "\n  "))
	}
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" && t != string(facts.NotAsked) {
			return t
		}
	}
	return string(facts.NotAsked)
}
