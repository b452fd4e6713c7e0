package scripts

import (
	"fmt"
	"regexp"
	"strings"
)

// spoken is a line of a script as a reader types or sees it.
func spoken(line string) (string, error) {
	line, neg := strings.CutPrefix(line, "! ")
	words := split(line)
	switch words[0] {
	case "vmq":
		return "$ " + bot(words[1:]), nil
	case "bot":
		return "$ " + strings.Replace(line, "--config $FLEET ", "", 1), nil
	case "on":
		return fmt.Sprintf("root@%s# %s", words[1], strings.TrimPrefix(line, "on "+words[1]+" ")), nil
	case "status":
		return "  exit status " + words[1], nil
	case "stdout", "stderr":
		if neg && words[1] == "." {
			return "  (nothing)", nil
		}
		return "  " + not(neg) + plain(strings.Join(words[1:], " ")), nil
	case "stdin":
		return "# the next one reads " + words[1], nil
	case "env":
		return "# " + line, nil
	case "bg-watch":
		return fmt.Sprintf("%s$ %s", words[1], strings.TrimSpace("bot watch "+strings.Join(words[2:], " "))), nil
	case "eventually":
		return fmt.Sprintf("$ %s\n  in the end: %s", bot(words[2:]), plain(words[1])), nil
	case "bg-vmq", "ask":
		return fmt.Sprintf("%s$ %s", words[1], bot(words[2:])), nil
	case "slack":
		return inSlack(words[1:]), nil
	case "answer":
		return fmt.Sprintf("%s types: %s", words[1], strings.Join(words[2:], " ")), nil
	}
	form, known := events[words[0]]
	if !known {
		return "", fmt.Errorf("the manual has no words for %q: add them to events in scripts/manual_line.go", words[0])
	}
	told := form
	for i := 1; i < 10; i++ {
		word := ""
		if i < len(words) {
			word = words[i]
		}
		told = strings.ReplaceAll(told, fmt.Sprintf("{%d}", i), plain(word))
	}
	rest := strings.TrimSpace(strings.TrimPrefix(line, words[0]))
	told = strings.ReplaceAll(told, "{*}", rest)
	yes, no, both := strings.Cut(told, " | ")
	if neg && both {
		yes = no
	}
	return "# " + strings.TrimSpace(yes), nil
}

// events are the words of the scripts that are no commands of anybody. Behind a
// bar stands what "! WORD" means.
var events = map[string]string{
	"fleet":             "it happens: {*}",
	"broker-up":         "the broker of {1} takes clients",
	"views-agree":       "every node sees four running nodes",
	"message":           "a message from {1} to {2} arrives | a message from {1} to {2} is lost",
	"retain":            "a client of {1} retains a message on {2}",
	"retained":          "a client of {1} finds the message retained on {2} | a client of {1} finds no message retained on {2}",
	"offline":           "{4} messages on {3} wait in {1} for the client {2}, which is away",
	"offline-received":  "the client {2} comes back to {1} and gets {3} messages",
	"remember":          "which container runs on {1} is noted",
	"unchanged":         "the container on {1} is the same and was not stopped | the container on {1} is another, or was started again",
	"kept":              "the old container on {1} is kept as ${2}",
	"fleet-with":        "the fleet file is edited: {*}",
	"disk":              "the disk under the folder of {2} on {1}: {3}",
	"traffic":           "messages between all regions: {*}",
	"wait-vmq":          "the bot of {1} is done",
	"end-vmq":           "the bot of {1} ends with exit status {2}",
	"kill-vmq":          "the bot of {1} is killed",
	"gone":              "the bot of {1} has ended",
	"said":              "the bot of {1} said: {2} | the bot of {1} has not said: {2}",
	"await":             "the bot of {1} says: {2}",
	"one-of":            "one of {1} and {2} is told: {3}",
	"running-operation": "history shows a running operation, ${1}",
	"interrupt":         "{1} presses Ctrl-C",
	"freeze":            "the bot of {1} is held up",
	"thaw":              "the bot of {1} goes on",
	"address":           "the container of {1} has its weave address again",
	"found":             "that is {*} of the failure catalog",
	"repaired":          "{*} is over",
	"take":              "${1} is what stands there: {2}",
}

// inSlack is a line of what is typed, pressed and read in Slack.
func inSlack(words []string) string {
	switch rest := strings.Join(words[1:], " "); words[0] {
	case "begin":
		if len(words) > 1 {
			return "# the bot serves Slack, and watches"
		}
		return "# the bot serves Slack"
	case "end":
		return "# the bot in Slack is stopped, and ends cleanly"
	case "said":
		return "  in the channel: " + plain(rest)
	case "thread":
		return "  in the thread: " + plain(rest)
	case "press":
		return fmt.Sprintf("%s presses: %s", words[1], words[2])
	default:
		return words[0] + " types: " + rest
	}
}

// bot is a line of the language's vmq as one types it.
func bot(words []string) string {
	options := "bot run"
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		options, words = options+" "+words[0], words[1:]
	}
	return strings.TrimSpace(options + " -- " + strings.Join(words, " "))
}

func not(neg bool) string {
	if neg {
		return "(nothing of) "
	}
	return ""
}

// split is the words of a line, as testscript quotes them.
func split(line string) []string {
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	for _, c := range line + " " {
		switch {
		case c == '\'':
			quoted, begun = !quoted, true
		case c == ' ' && !quoted:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(c)
			begun = true
		}
	}
	return words
}

var (
	blanks  = regexp.MustCompile(` [+*]|\[ \][+*]`)
	several = regexp.MustCompile(`\(?(?:\.|\[[^\]]*\]|\\[dwSs])(?:[+*]|\{[0-9,]+\})\)?|\([^()|]*(?:\|[^()|]*)+\)`)
	escape  = regexp.MustCompile(`\\([^A-Za-z0-9])`)
)

// plain is a pattern as words: what may be anything is three dots.
func plain(pattern string) string {
	pattern = blanks.ReplaceAllString(pattern, " ")
	pattern = several.ReplaceAllString(pattern, "...")
	pattern = strings.NewReplacer("(?m)", "", "(?s)", "").Replace(pattern)
	return escape.ReplaceAllString(pattern, "$1")
}
