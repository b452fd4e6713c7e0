package cli

import (
	"errors"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
)

func (s *session) grace() *int {
	if n, err := strconv.Atoi(s.set.last("time")); err == nil {
		return &n
	}
	return nil
}

func stop(s *session) error {
	return s.each(func(name string) error {
		return s.api.ContainerStop(s.Context(), name, container.StopOptions{Timeout: s.grace()})
	})
}

func restart(s *session) error {
	return s.each(func(name string) error {
		return s.api.ContainerRestart(s.Context(), name, container.StopOptions{Timeout: s.grace()})
	})
}

func kill(s *session) error {
	return s.each(func(name string) error { return s.api.ContainerKill(s.Context(), name, s.set.last("signal")) })
}

func pause(s *session) error {
	return s.each(func(name string) error { return s.api.ContainerPause(s.Context(), name) })
}

func unpause(s *session) error {
	return s.each(func(name string) error { return s.api.ContainerUnpause(s.Context(), name) })
}

func rm(s *session) error {
	o := container.RemoveOptions{Force: s.set.has("force"), RemoveVolumes: s.set.has("volumes")}
	return s.each(func(name string) error {
		return gone(s.api.ContainerRemove(s.Context(), name, o), "container", name)
	})
}

func rename(s *session) error {
	if len(s.args) != 2 {
		s.Errorf("\"docker rename\" requires exactly 2 arguments.\nSee 'docker rename --help'.\n")
		return exit(1)
	}
	err := s.api.ContainerRename(s.Context(), s.args[0], s.args[1])
	if err != nil {
		s.Errorf("%v\n", err)
		return errors.New("Error: failed to rename container named " + s.args[0]) //nolint:staticcheck // docker's words
	}
	return nil
}

func wait(s *session) error {
	var failed error
	for _, name := range s.args {
		over, broke := s.api.ContainerWait(s.Context(), name, "")
		select {
		case r := <-over:
			s.Printf("%d\n", r.StatusCode)
		case err := <-broke:
			s.Errorf("%v\n", err)
			failed = exit(1)
		}
	}
	return failed
}

func update(s *session) error {
	policy, err := restartPolicy(s.set.last("restart"))
	if err != nil {
		return err
	}
	return s.each(func(name string) error {
		_, err := s.api.ContainerUpdate(s.Context(), name, container.UpdateConfig{RestartPolicy: policy})
		return err
	})
}

// start starts containers; with -a it prints what the one prints and ends as it.
func start(s *session) error {
	if s.set.has("attach") || s.set.has("interactive") {
		c, err := s.api.ContainerInspect(s.Context(), s.args[0])
		if err != nil {
			return gone(err, "container", s.args[0])
		}
		return s.foreground(c.ID, s.set.has("interactive"), c.Config.Tty)
	}
	var failed []string
	for _, name := range s.args {
		if err := s.api.ContainerStart(s.Context(), name, container.StartOptions{}); err != nil {
			s.Errorf("%v\n", err)
			failed = append(failed, name)
			continue
		}
		s.Printf("%s\n", name)
	}
	if len(failed) > 0 {
		return errors.New("Error: failed to start containers: " + strings.Join(failed, ", ")) //nolint:staticcheck // docker's words
	}
	return nil
}
