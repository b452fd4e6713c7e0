package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/docker/docker/api/types/events"

	"vmqbot/sim/kernel"
)

// version prints both halves; the own one also without an engine.
func version(s *session) error {
	own := map[string]any{"Version": "20.10.24", "ApiVersion": "1.41", "DefaultAPIVersion": "1.41", "Os": "linux", "Arch": "amd64", "GitCommit": "297e128"}
	raw, err := s.get("/version")
	var server any
	if err == nil {
		if server, err = decoded(raw); err != nil {
			return err
		}
	}
	if f := s.set.last("format"); f != "" {
		if err != nil {
			return err
		}
		both, e := json.Marshal(map[string]any{"Client": own, "Server": server})
		if e != nil {
			return e
		}
		return s.objects(f, []json.RawMessage{both})
	}
	s.Printf("Client:\n Version:           20.10.24\n API version:       1.41\n OS/Arch:           linux/amd64\n")
	if err != nil {
		return err
	}
	v, _ := server.(map[string]any)
	s.Printf("\nServer:\n Engine:\n  Version:          %v\n  API version:      %v (minimum version %v)\n  OS/Arch:          %v/%v\n", v["Version"], v["ApiVersion"], v["MinAPIVersion"], v["Os"], v["Arch"])
	return nil
}

func info(s *session) error {
	raw, err := s.get("/info")
	if f := s.set.last("format"); f != "" {
		if err != nil {
			return err
		}
		return s.objects(f, []json.RawMessage{raw})
	}
	s.Printf("Client:\n Context:    default\n Debug Mode: false\n\nServer:\n")
	if err != nil {
		s.Printf("ERROR: %v\n", err)
		s.Errorf("errors pretty printing info\n")
		return exit(1)
	}
	v, err := decoded(raw)
	if err != nil {
		return err
	}
	m, _ := v.(map[string]any)
	for _, l := range [][2]string{
		{"Containers", "Containers"}, {" Running", "ContainersRunning"}, {" Paused", "ContainersPaused"}, {" Stopped", "ContainersStopped"}, {"Images", "Images"},
		{"Server Version", "ServerVersion"}, {"Storage Driver", "Driver"}, {"Logging Driver", "LoggingDriver"}, {"Cgroup Driver", "CgroupDriver"},
		{"Kernel Version", "KernelVersion"}, {"Operating System", "OperatingSystem"}, {"OSType", "OSType"}, {"Architecture", "Architecture"},
		{"CPUs", "NCPU"}, {"Name", "Name"}, {"ID", "ID"}, {"Docker Root Dir", "DockerRootDir"}, {"Live Restore Enabled", "LiveRestoreEnabled"},
	} {
		s.Printf(" %s: %v\n", l[0], m[l[1]])
	}
	return nil
}

func watch(s *session) error {
	list, broke := s.api.Events(s.Context(), events.ListOptions{Since: s.set.last("since"), Until: s.set.last("until"), Filters: s.filters()})
	for {
		select {
		case m := <-list:
			if f := s.set.last("format"); f != "" {
				raw, err := json.Marshal(m)
				if err != nil {
					return err
				}
				if f == "{{json .}}" {
					s.Printf("%s\n", raw)
				} else if err := s.objects(f, []json.RawMessage{raw}); err != nil {
					return err
				}
				continue
			}
			var words []string
			for k, v := range m.Actor.Attributes {
				words = append(words, k+"="+v)
			}
			s.Printf("%s %s %s %s (%s)\n", time.Unix(0, m.TimeNano).Format("2006-01-02T15:04:05.000000000Z07:00"), m.Type, m.Action, m.Actor.ID, strings.Join(words, ", "))
		case err := <-broke:
			if err == io.EOF || err == nil {
				return nil
			}
			return err
		}
	}
}

// dialStdio joins the standard streams to the socket.
func dialStdio(s *session) error {
	sock := socket
	if h := s.Env["DOCKER_HOST"]; h != "" {
		sock = strings.TrimPrefix(h, "unix://")
	}
	conn, err := s.Machine.DialUnix(s.Context(), sock)
	if err != nil {
		return fmt.Errorf("failed to open the raw stream connection: Cannot connect to the Docker daemon at unix://%s. Is the docker daemon running?", sock)
	}
	defer conn.Close() //nolint:errcheck // nothing is buffered
	up := s.side(func(p *kernel.Process) {
		_, _ = io.Copy(conn, p.Stdin())
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	})
	defer up()
	stop := make(chan struct{})
	defer close(stop)
	go func() { // the connection ends with the process
		select {
		case <-s.Context().Done():
			_ = conn.Close()
		case <-stop:
		}
	}()
	_, _ = io.Copy(s.Stdout(), conn)
	return nil
}
