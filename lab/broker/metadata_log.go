package broker

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// slack is how many lines of the log may be out of date when it is loaded.
const slack = 1000

// load reads the log: one accepted entry a line, the last of a key counts. A
// line that was being written when the broker was killed is the last one and
// has no end; the other nodes have it, or nobody was told.
func (m *metadata) load() error {
	text, err := os.ReadFile(m.log)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	lines := 0
	whole := bytes.LastIndexByte(text, '\n') + 1
	for line := range bytes.Lines(text[:whole]) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		m.keep(e)
		m.clock = max(m.clock, e.Clock)
		lines++
	}
	if whole == len(text) && lines <= 2*len(m.all)+slack {
		return nil
	}
	var b bytes.Buffer
	for _, e := range m.all {
		if err := encode(&b, e); err != nil {
			return err
		}
	}
	return m.disk.write(m.log, b.Bytes())
}

// encode writes an entry as one line.
func encode(b *bytes.Buffer, e entry) error {
	line, err := json.Marshal(e)
	b.Write(append(line, '\n'))
	return err
}
