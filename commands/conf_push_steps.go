package commands

import (
	"strings"

	"vmqbot/conf"
	"vmqbot/gate"
	"vmqbot/ops"
	"vmqbot/secret"
	"vmqbot/shape"
	"vmqbot/vernemq"
)

// backup is the vernemq.conf that stood there before the last push.
const backup = shape.ConfFile + ".old"

// write puts the new files in place.
func (s push) write() ops.Step {
	n := s.node
	files := func(text secret.Text, doors string) []ops.File {
		return []ops.File{
			{Name: shape.ConfFile, Content: text, Mode: 0o644},
			{Name: gate.DoorsFile, Content: secret.New(doors), Mode: 0o644},
		}
	}
	put := ops.PutFiles{Container: n.Container, Dir: shape.ConfDir, Files: files(s.want.Conf, s.want.Doors)}
	step := ops.Step{Title: "Write the vernemq.conf of " + n.Name, Node: n.Name, Timeout: dockerTime, NoUndo: "there was none"}
	if !s.is.missing {
		put.Files = append(put.Files, ops.File{Name: backup, Content: s.is.have, Mode: 0o600})
		step.Title += ", and keep the old one as " + backup
		step.NoUndo, step.Undo = "", ops.PutFiles{Container: n.Container, Dir: shape.ConfDir, Files: files(s.is.have, s.is.doors)}
	}
	step.Do = put
	return step
}

// sets change what a running broker takes; false when one of the values cannot
// be told to it.
func (s push) sets() (steps []ops.Step, can bool) {
	n := s.node
	say := func(key string, value secret.Word) (ops.Action, bool) {
		argv, err := vernemq.Set(key, value.Reveal())
		if err != nil || value.IsHidden() {
			return nil, false
		}
		return ops.Exec{Container: n.Container, Argv: secret.Words(argv...), Judge: ops.Set}, true
	}
	for _, c := range s.is.changes {
		do, ok := say(c.Key, c.New)
		if !ok || conf.NeedsRestart([]conf.Change{c}) {
			return nil, false
		}
		step := ops.Step{
			Title: "Set " + c.Key + " of " + n.Name + " at run time", Node: n.Name, Do: do, Timeout: dockerTime,
			NoUndo: "what it was by default is not known; the old file holds from the next start on",
		}
		if undo, ok := say(c.Key, c.Old); ok && c.Had {
			step.NoUndo, step.Undo = "", undo
		}
		steps = append(steps, step)
	}
	return steps, true
}

// startAnew can be undone: what does not work with the new file must stop
// before the old one is put back.
func (d *deployment) startAnew(s site) ops.Step {
	n := s.node
	return ops.Step{
		Title: "Start the container of " + n.Name, Node: n.Name,
		Do: ops.StartContainer{Container: n.Container}, Verify: []string{"container"}, Timeout: dockerTime,
		Undo: ops.StopContainer{Container: n.Container, Grace: shape.StopGrace},
	}
}

// firstWord is the key of a line of a diff.
func firstWord(line string) string {
	words := strings.Fields(strings.TrimLeft(line, "+- "))
	if len(words) == 0 {
		return line
	}
	if strings.Contains(line, "opened by the gate: ") {
		return "the port " + strings.Join(words[4:], " ")
	}
	return words[0]
}
