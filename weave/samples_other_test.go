package weave

const (
	inside   = "runs in a container: its addresses, routes and pings"
	dockerPS = "is docker's list of containers"
	hostIP   = "is the host's list of addresses"
	series   = "is a series of several commands without a command line of its own"
	compound = "is several commands in one line, of which weave status is the last"
)

// notWeaveSamples are the recorded runs whose command is not weave, and why.
var notWeaveSamples = map[string]string{
	"c1-ip-after-attach.txtar":                                inside,
	"c1-ip-after-second.txtar":                                inside,
	"c1-ip-after-weave-relaunch.txtar":                        inside,
	"c1-ip-after-weave-reset.txtar":                           inside,
	"c1-ip-after-weave-stop.txtar":                            inside,
	"c1-ip-before-attach.txtar":                               inside,
	"c1-route-after-attach.txtar":                             inside,
	"docker-ps-after-launch.txtar":                            dockerPS,
	"docker-ps-fresh.txtar":                                   dockerPS,
	"docker-ps-weave-died.txtar":                              dockerPS,
	"fail-crash-pid1-c1-restart-policy.1-before.txtar":        series,
	"fail-docker-restart-c1.1-before.txtar":                   series,
	"fail-docker-restart-c1.5-after.txtar":                    series,
	"fail-docker-restart-weave.1-before.txtar":                series,
	"fail-docker-restart-weave.5-after.txtar":                 series,
	"fail-docker-stop-start-c1.1-before.txtar":                series,
	"fail-docker-stop-start-c1.5-after.txtar":                 series,
	"fail-inner-dockerd-restart.5-after.txtar":                series,
	"fail-kill9-weaver.1-before.txtar":                        series,
	"fail-kill9-weaver.5-after.txtar":                         series,
	"fail-nofastdp-unset-docker-restart-weave.1-before.txtar": series,
	"fail-nofastdp-unset-docker-restart-weave.5-after.txtar":  series,
	"fail-nofastdp-unset-kill-weaver.1-before.txtar":          series,
	"fail-nofastdp-unset-kill-weaver.5-after.txtar":           series,
	"fail-region-host-reboot.1-before.txtar":                  series,
	"fail-region-host-reboot.5-after.txtar":                   series,
	"host-ip-addr.txtar":                                      hostIP,
	"ping-after-restart.txtar":                                inside,
	"ping-after-weave-relaunch.txtar":                         inside,
	"ping-after-weave-restart.txtar":                          inside,
	"ping-after-weave-stop-launch.txtar":                      inside,
	"ping-after-weaver-kill.txtar":                            inside,
	"ping-sa-us.txtar":                                        inside,
	"ping-while-weave-stopped.txtar":                          inside,
	"weave-status-when-crashlooping.txtar":                    compound,
}
