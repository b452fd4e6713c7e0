package weavenet

import (
	"errors"
	"time"
)

func (s *script) stopCommand(args []string) int {
	if len(args) > 0 {
		return s.usage()
	}
	s.stop()
	return 0
}

func (s *script) stop() {
	if s.d.Stop(routerName) != nil {
		s.p.Errorf("Weave is not running (ignore on Kubernetes).\n")
	}
}

// reset leaves the cluster, and removes the router, its data and its bridge:
// every attached container loses its address.
func (s *script) reset(args []string) int {
	force := len(args) == 1 && args[0] == "--force"
	if len(args) > 0 && !force {
		return s.usage()
	}
	state := 0
	if !force {
		_, state = s.checkRunning(routerName)
	}
	switch state {
	case 0:
		s.httpCall("DELETE", "/peer", nil)
		s.p.Sleep(s.h.net.after(500 * time.Millisecond))
	case 2:
		s.p.Errorf("ERROR: weave is not running; unable to remove from cluster.\nRe-launch weave before reset or use --force to override.\n")
		return 1
	}
	s.stop()
	for _, name := range []string{routerName, dbName, volumesName} {
		if err := s.d.Remove(name); err != nil && !errors.Is(err, ErrNoContainer) {
			s.p.Errorf("%v\n", err)
		}
	}
	s.h.dropBridge()
	return 0
}
