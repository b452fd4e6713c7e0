package weave

import (
	"fmt"
	"strings"
)

func (d Dialed) connectMeaning() string {
	if len(d.Peers) == 0 { // --replace with nobody
		return sentences("Weave dials nobody any more and is connected only to those who dial it.", warned(d.Warnings))
	}
	return sentences(
		fmt.Sprintf("Weave took %s to dial: %s. That is no success yet; `weave status connections` shows in a few seconds whether it works.", several(len(d.Peers), "peer"), strings.Join(d.Peers, ", ")),
		warned(d.Warnings))
}

func (d Dialed) forgetMeaning() string {
	return sentences(
		fmt.Sprintf("Weave no longer dials %s; it says the same of peers that it never knew. A connection that is up stays up until it breaks.", strings.Join(d.Peers, ", ")),
		warned(d.Warnings))
}

func (l Launched) meaning() string {
	return sentences(
		fmt.Sprintf("Weave's router was launched as container %s and answers. Type `weave status connections` for its peers, and `weave ps` to see whether the containers have their addresses.", l.Container[:12]),
		warned(l.Warnings))
}

func (s Stopped) stopMeaning() string {
	if !s.WasRunning {
		return sentences("Weave was not running on this host, so there was nothing to stop. `weave launch PEER...` with every other host as peer starts it.", warned(s.Warnings))
	}
	return sentences("Weave's router is stopped: containers keep their addresses, but nothing crosses to other hosts. Type `weave launch PEER...` with every other host as peer: it does not remember them.", warned(s.Warnings))
}

func (s Stopped) resetMeaning() string {
	first := "Weave was reset on this host"
	if !s.WasRunning {
		first += ", where its router did not run"
	}
	return sentences(first+": its bridge is gone, and every container lost its weave address. Type `weave launch PEER...` with every other host as peer, then `weave attach ADDRESS/LENGTH CONTAINER` for each container.", warned(s.Warnings))
}

func (v Versions) meaning() string {
	if v.Script != "" && v.Script != v.Router {
		return fmt.Sprintf("The weave script is %s and the router is %s: relaunch weave in a quiet hour so that both agree.", v.Script, v.Router)
	}
	return fmt.Sprintf("Weave %s is installed here; this does not say whether it runs. `weave status` does.", v.Router)
}
