package scripts

import (
	"fmt"
	"io/fs"
	"strings"
)

//go:generate go test . -run TestManual -update

const front = `<!-- Generated from scripts/ by ` + "`make docs`" + `. DO NOT EDIT. -->

# The manual

Each chapter is a script that runs as a test: what broke, what was typed, what
the bot said. ` + "`$`" + ` is typed at the bot's own terminal (` + "`bot run`" + ` stands for
` + "`bot run --config fleet.yaml`" + `), ` + "`root@cn#`" + ` on a host. The lines below a command are
the part of its answer that the test wants; ... stands for more. A command
without a status ends with 0.

The hosts are a simulated fleet (` + "`bot sim`" + `) or the lab; in both a stand-in speaks for
VerneMQ. [commands.md](commands.md) has every verb and option.
`

// Manual is docs/manual.md, generated from the scripts in the order of their
// names.
func Manual() (string, error) {
	var b strings.Builder
	b.WriteString(front)
	names, err := fs.Glob(Files, "*.txtar")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		text, err := fs.ReadFile(Files, name)
		if err != nil {
			return "", err
		}
		if err := chapter(&b, name, string(text)); err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
	}
	return b.String(), nil
}

// chapter tells one script. Its comments are the text, and what stands between
// them is shown.
func chapter(b *strings.Builder, name, text string) error {
	number, title, _ := strings.Cut(strings.TrimSuffix(name, ".txtar"), "-")
	title = strings.ReplaceAll(title, "-", " ")
	fmt.Fprintf(b, "\n## %s. %s\n", number, strings.ToUpper(title[:1])+title[1:])
	script, files, _ := strings.Cut(text, "\n-- ")
	var prose, shown []string
	failed := false // the last command, with a status that is not told yet
	flush := func() {
		if len(prose) > 0 {
			fmt.Fprintf(b, "\n%s\n", strings.Join(prose, "\n"))
		}
		if len(shown) > 0 {
			fmt.Fprintf(b, "\n```\n%s\n```\n", strings.Join(shown, "\n"))
		}
		prose, shown = nil, nil
	}
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if failed && !strings.HasPrefix(line, "status ") {
			shown = append(shown, "  exit status not 0")
		}
		failed = strings.HasPrefix(line, "! vmq") || strings.HasPrefix(line, "! bot")
		switch words, comment := strings.CutPrefix(line, "#"); {
		case comment && len(shown) > 0:
			flush()
			fallthrough
		case comment:
			prose = append(prose, strings.TrimSpace(words))
		case line != "":
			told, err := spoken(line)
			if err != nil {
				return err
			}
			shown = append(shown, told)
		case len(prose) > 0 && len(shown) == 0:
			prose = append(prose, "") // another paragraph
		}
	}
	flush()
	if files != "" {
		fmt.Fprintf(b, "\nThe files of this chapter:\n\n```\n-- %s\n```\n", strings.TrimSpace(files))
	}
	return nil
}
