package broker

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// disk is where a node stores. It does nothing while room gives a reason why
// not; nil is always room.
type disk struct{ room func() error }

func (d disk) refuses() error {
	if d.room == nil {
		return nil
	}
	return d.room()
}

// remove deletes a file; one that is not there is fine.
func (d disk) remove(path string) {
	if d.refuses() == nil {
		_ = os.Remove(path)
	}
}

// removeAll deletes a directory.
func (d disk) removeAll(path string) error {
	if err := d.refuses(); err != nil {
		return err
	}
	return os.RemoveAll(path)
}

// writeJSON stores a value so that a reader sees the old file or the new one,
// never a part: written beside it, then renamed. It survives kill -9 of the
// broker; it does not sync the disk.
func (d disk) writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return d.write(path, b)
}

// write is writeJSON of what is bytes already.
func (d disk) write(path string, b []byte) error {
	if err := d.refuses(); err != nil {
		return &fs.PathError{Op: "write", Path: path, Err: err}
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// append adds to the end of a file, all or nothing.
func (d disk) append(path string, b []byte) error {
	if err := d.refuses(); err != nil {
		return &fs.PathError{Op: "write", Path: path, Err: err}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		if _, err = f.Write(b); err != nil { // a full disk may have taken a part
			err = errors.Join(err, f.Truncate(end))
		}
	}
	return errors.Join(err, f.Close())
}

// readJSON loads a value; found is false when there is no such file.
func readJSON(path string, v any) (found bool, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(b, v)
}

// listJSON names the .json files of a directory, sorted. A directory that is
// not there has none.
func listJSON(dir string) []string {
	names, _ := filepath.Glob(filepath.Join(dir, "*.json")) // the pattern is well formed
	sort.Strings(names)
	return names
}
