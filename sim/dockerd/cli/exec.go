package cli

import (
	"errors"
	"io"
	"strings"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"vmqbot/sim/kernel"
)

func copyAll(to io.Writer, from io.Reader) (int64, error) { return io.Copy(to, from) }

// side runs something beside the command until it returns, or until the
// caller ends it, which waits. It is a child process, since its waiting must
// end while the command goes on.
func (s *session) side(do func(p *kernel.Process)) (end func()) {
	child, err := s.Fork(func(p *kernel.Process) int {
		do(p)
		return 0
	})
	if err != nil {
		return func() {}
	}
	return func() {
		child.Signal(kernel.KILL)
		<-child.Done()
	}
}

// pump sends the standard input until it ends.
func (s *session) pump(conn types.HijackedResponse) (end func()) {
	return s.side(func(p *kernel.Process) {
		_, _ = io.Copy(conn.Conn, p.Stdin())
		_ = conn.CloseWrite()
	})
}

// exec runs a command in a container and ends as it does.
func exec(s *session) error {
	ctx, name := s.Context(), s.args[0]
	if _, err := s.api.ContainerInspect(ctx, name); err != nil {
		return gone(err, "container", name)
	}
	o := container.ExecOptions{
		Cmd: s.args[1:], Env: s.set["env"], User: s.set.last("user"), WorkingDir: s.set.last("workdir"), Tty: s.set.has("tty"),
		AttachStdin: s.set.has("interactive"), AttachStdout: !s.set.has("detach"), AttachStderr: !s.set.has("detach"),
	}
	made, err := s.api.ContainerExecCreate(ctx, name, o)
	if err != nil {
		return err
	}
	if s.set.has("detach") {
		return s.api.ContainerExecStart(ctx, made.ID, container.ExecStartOptions{Detach: true})
	}
	conn, err := s.api.ContainerExecAttach(ctx, made.ID, container.ExecAttachOptions{Tty: o.Tty})
	if err != nil {
		return err
	}
	defer conn.Close()
	if o.AttachStdin {
		defer s.pump(conn)()
	}
	if o.Tty {
		_, err = io.Copy(s.Stdout(), conn.Reader)
	} else {
		_, err = stdcopy.StdCopy(s.Stdout(), s.Stderr(), conn.Reader)
	}
	if err != nil {
		return err
	}
	end, err := s.api.ContainerExecInspect(ctx, made.ID)
	if err != nil {
		return err
	}
	if end.ExitCode != 0 {
		return exit(end.ExitCode)
	}
	return nil
}

func logs(s *session) error {
	c, err := s.api.ContainerInspect(s.Context(), s.args[0])
	if err != nil {
		return gone(err, "container", s.args[0])
	}
	tail := s.set.last("tail")
	if tail == "" {
		tail = "all"
	}
	body, err := s.api.ContainerLogs(s.Context(), c.ID, container.LogsOptions{
		ShowStdout: true, ShowStderr: true, Tail: tail, Follow: s.set.has("follow"), Timestamps: s.set.has("timestamps"), Since: s.set.last("since"), Until: s.set.last("until"),
	})
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	if c.Config.Tty {
		_, err = io.Copy(s.Stdout(), body)
		return err
	}
	_, err = stdcopy.StdCopy(s.Stdout(), s.Stderr(), body)
	return err
}

func top(s *session) error {
	args := s.args[1:]
	list, err := s.api.ContainerTop(s.Context(), s.args[0], args)
	if err != nil {
		return err
	}
	for _, line := range append([][]string{list.Titles}, list.Processes...) {
		s.Printf("%s\n", strings.Join(line, "\t"))
	}
	return nil
}

func port(s *session) error {
	c, err := s.api.ContainerInspect(s.Context(), s.args[0])
	if err != nil {
		return gone(err, "container", s.args[0])
	}
	found := false
	for p, list := range c.NetworkSettings.Ports {
		for _, b := range list {
			if len(s.args) == 1 {
				s.Printf("%s -> %s:%s\n", p, b.HostIP, b.HostPort)
			} else if string(p) == s.args[1] || p.Port() == s.args[1] {
				s.Printf("%s:%s\n", b.HostIP, b.HostPort)
				found = true
			}
		}
	}
	if len(s.args) > 1 && !found {
		return errors.New("Error: No public port '" + s.args[1] + "' published for " + s.args[0]) //nolint:staticcheck // docker's words
	}
	return nil
}
