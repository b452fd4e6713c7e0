package dockerd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
)

// confFile is the daemon's file on its machine.
const confFile = "/etc/docker/daemon.json"

// configure reads the file as a daemon does at its start. Of its keys only bip
// has an effect here; live-restore is not simulated. Without one the bridge keeps the
// address that it had last, over reboots and where somebody took it away: Docker has it
// in a store of its own. The caller holds the lock.
func (e *Engine) configure() error {
	bridge := e.opt.Bridge
	if e.docker0.IsValid() {
		bridge = e.docker0
	}
	text, err := os.ReadFile(e.real(confFile))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte("{}"), nil
	}
	if err != nil {
		return err
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		return fmt.Errorf("unable to configure the Docker daemon with file %s: %w", confFile, err)
	}
	if bip, set := keys["bip"].(string); set {
		if bridge, err = netip.ParsePrefix(bip); err != nil {
			return fmt.Errorf("failed to start daemon: Error initializing network controller: Error creating default \"bridge\" network: %w", err)
		}
	}
	if bridge != e.docker0 {
		delete(e.addresses, e.docker0.Addr())
		e.machine.Net.UnplugDev("docker0")
		e.docker0, e.addresses[bridge.Addr()] = bridge, true
	}
	return nil
}
