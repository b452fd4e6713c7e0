package explain

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"vmqbot/answer"
)

// Archive reads one kept run in txtar form: a head with "command:" and
// "exit:", then the files stdout and stderr, of which one may be missing.
func Archive(src []byte) (answer.Answer, error) {
	ar := txtar.Parse(bytes.TrimPrefix(src, []byte("\ufeff")))
	command, exit, err := head(string(ar.Comment))
	if err != nil {
		return answer.Answer{}, err
	}
	a := answer.Answer{Exit: exit}
	if a.Argv, err = Command(command); err != nil {
		return answer.Answer{}, err
	}
	// The reader of the form ends every file with a newline. One that the
	// paste has not shows that the answer was cut, so it is taken off again.
	if n := len(ar.Files); n > 0 && !bytes.HasSuffix(src, []byte("\n")) {
		ar.Files[n-1].Data = bytes.TrimSuffix(ar.Files[n-1].Data, []byte("\n"))
	}
	if err := streams(&a, ar.Files); err != nil {
		return answer.Answer{}, err
	}
	return a, nil
}

// head reads the lines before the first file.
func head(comment string) (command string, exit int, err error) {
	found := map[string]string{}
	for line := range strings.Lines(comment) {
		k, v, ok := strings.Cut(line, ":")
		k = strings.TrimSpace(k)
		if _, twice := found[k]; ok && twice {
			return "", 0, fmt.Errorf("it has two lines %q before its first file; keep one run in each file", k+":")
		}
		if ok {
			found[k] = strings.TrimSpace(v)
		}
	}
	exit, err = strconv.Atoi(found["exit"])
	if found["command"] == "" || err != nil || exit < 0 {
		return "", 0, fmt.Errorf(`it must begin with the lines "command: ..." and "exit: N"`)
	}
	return found["command"], exit, nil
}

func streams(a *answer.Answer, files []txtar.File) error {
	seen := map[string]bool{}
	for _, f := range files {
		switch {
		case seen[f.Name]:
			return fmt.Errorf("it has two files %q; keep one run in each file", f.Name)
		case f.Name == "stdout":
			a.Stdout = string(f.Data)
		case f.Name == "stderr":
			a.Stderr = string(f.Data)
		default:
			return fmt.Errorf(`it has a file %q; the answer stands in "-- stdout --" and "-- stderr --"`, f.Name)
		}
		seen[f.Name] = true
	}
	if len(seen) == 0 {
		return fmt.Errorf(`it has no answer; put it under the line "-- stdout --", or "-- stderr --"`)
	}
	return nil
}
