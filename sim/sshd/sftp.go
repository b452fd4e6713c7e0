package sshd

import (
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"vmqbot/sim/kernel"
)

// sftp serves the machine's files until the channel ends.
func (l *login) sftp(ch ssh.Channel) {
	f := files{l.server.machine}
	s := sftp.NewRequestServer(ch, sftp.Handlers{FileGet: f, FilePut: f, FileCmd: f, FileList: f}, sftp.WithStartDirectory(home(l.user)))
	_ = s.Serve() // io.EOF, or the connection's error
	_ = s.Close()
	_ = ch.Close()
}

// files are a machine's files as sftp asks for them.
type files struct{ m *kernel.Machine }

func (f files) real(name string) string { return f.m.Root.Real(path.Clean("/" + name)) }

// Fileread opens a file for reading.
func (f files) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	return os.Open(f.real(r.Filepath))
}

// Filewrite opens a file for writing.
func (f files) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	if f.m.NoRoom(f.real(r.Filepath)) {
		return nil, syscall.ENOSPC
	}
	flags, set := r.Pflags(), os.O_WRONLY
	for on, flag := range map[*bool]int{&flags.Creat: os.O_CREATE, &flags.Excl: os.O_EXCL, &flags.Trunc: os.O_TRUNC} {
		if *on {
			set |= flag
		}
	}
	file, err := os.OpenFile(f.real(r.Filepath), set, 0o644)
	if err != nil {
		return nil, err
	}
	return &writer{file, f.m}, nil
}

// writer notices a disk that has become full.
type writer struct {
	*os.File
	m *kernel.Machine
}

// WriteAt writes, unless the disk is full.
func (w *writer) WriteAt(b []byte, off int64) (int, error) {
	if w.m.NoRoom(w.Name()) {
		return 0, syscall.ENOSPC
	}
	return w.File.WriteAt(b, off)
}

// Filecmd does what changes the tree.
func (f files) Filecmd(r *sftp.Request) error {
	at := f.real(r.Filepath)
	switch r.Method {
	case "Setstat":
		if r.AttrFlags().Size {
			return os.Truncate(at, int64(r.Attributes().Size)) //nolint:gosec // no file is that long
		}
		if r.AttrFlags().Permissions {
			return os.Chmod(at, r.Attributes().FileMode().Perm())
		}
		return nil
	case "Rename":
		if _, err := os.Lstat(f.real(r.Target)); err == nil {
			return fs.ErrExist
		}
		return os.Rename(at, f.real(r.Target))
	case "Remove", "Rmdir":
		return os.Remove(at)
	case "Mkdir":
		return os.Mkdir(at, 0o755)
	}
	return sftp.ErrSSHFxOpUnsupported
}

// PosixRename replaces a file in one step.
func (f files) PosixRename(r *sftp.Request) error {
	return os.Rename(f.real(r.Filepath), f.real(r.Target))
}

// Filelist describes a file or the content of a folder.
func (f files) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	at := f.real(r.Filepath)
	if r.Method != "List" {
		i, err := os.Stat(at)
		return list{i}, err
	}
	entries, err := os.ReadDir(at)
	var all list
	for _, e := range entries {
		if i, err := e.Info(); err == nil {
			all = append(all, i)
		}
	}
	return all, err
}

type list []fs.FileInfo

// ListAt copies a part of the list.
func (l list) ListAt(to []fs.FileInfo, from int64) (int, error) {
	if from >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(to, l[from:])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}
