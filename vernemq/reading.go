package vernemq

import (
	"fmt"
	"slices"
	"strings"
)

// Self stands in a line of Reading for the name of the node that is asked.
const Self = "{node}"

// reading are the commands of vmq-admin that change nothing and open nothing.
// Whatever is not among them is refused: a version to come has others.
var reading = []string{
	"cluster show", "listener show", "session show", "metrics show", "plugin show", "webhooks show", "bridge show",
	"retain show", "node status", "node history", "node swc_sync_status", "log show config", "show", "describe",
}

// closed are commands that read, and what they would show to everybody.
var closed = map[string]string{
	"api-key show": "prints the keys themselves",
	"trace client": "prints what clients send, and goes on until it is stopped",
}

// Readings lists the commands that Reading lets pass, in the order in which
// people want to read them.
func Readings() []string { return slices.Clone(reading) }

// Reading is the argv of a line of vmq-admin, without the tool's name, that
// changes nothing and shows neither secrets nor what clients send. Any other
// line is an error that names what is allowed. Self stays as it is.
func Reading(line string) ([]string, error) {
	words := strings.Fields(line)
	if len(words) > 0 && words[0] == "vmq-admin" {
		words = words[1:]
	}
	is := verbIn(words)
	if is == "" {
		return nil, refused(words)
	}
	for _, w := range words[len(strings.Fields(is)):] {
		if strings.IndexFunc(w, func(r rune) bool { return r <= ' ' || r == 0x7f }) >= 0 {
			return nil, fmt.Errorf("%q holds an invisible character", w)
		}
	}
	if is == "session show" || is == "retain show" {
		if err := noContents(is, words); err != nil {
			return nil, err
		}
	}
	return admin(words...), nil
}

// verbIn is the allowed command that the words begin with.
func verbIn(words []string) string {
	for _, is := range reading {
		own := strings.Fields(is)
		if len(words) >= len(own) && slices.Equal(words[:len(own)], own) {
			return is
		}
	}
	return ""
}

// noContents keeps to itself what clients said to each other.
func noContents(is string, words []string) error {
	fields := 0
	for _, w := range words[2:] {
		name, value, filter := strings.Cut(w, "=")
		if name == "--payload" {
			return fmt.Errorf("--payload prints what clients send, which is not read here")
		}
		if strings.HasPrefix(w, "--") && (!filter || value == "") && name != "--limit" && name != "--rowtimeout" && name != "--format" {
			fields++
		}
	}
	if is == "retain show" && fields == 0 {
		return fmt.Errorf("`retain show` prints what clients send unless its columns are named: retain show --topic")
	}
	return nil
}

func refused(words []string) error {
	said := strings.Join(words[:min(2, len(words))], " ")
	if why := closed[said]; why != "" {
		return fmt.Errorf("`%s` %s: only %s is read here", said, why, strings.Join(reading, ", "))
	}
	if said == "" {
		return fmt.Errorf("which command of vmq-admin? Allowed is what only reads: %s", strings.Join(reading, ", "))
	}
	return fmt.Errorf("`%s` is none that only reads. Allowed is %s", said, strings.Join(reading, ", "))
}

// Plain is what one of VerneMQ's tools printed, without its colors.
func Plain(text string) string {
	return escapes.ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "")
}
