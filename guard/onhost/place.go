package onhost

import (
	"path"

	"vmqbot/guard"
)

// homes are the files of one node's guard.
type homes struct {
	program string // the bot's own binary
	config  string
	state   string
	log     string // where nothing else keeps what it says
	unit    string // of systemd
	cron    string // of cron, where there is no systemd
	service string // the unit's name
}

func places(node string) homes {
	service := "vmqbot-guard-" + node
	return homes{
		program: guard.Program(node),
		config:  path.Join("/etc/vmqbot", "guard-"+node+".json"),
		state:   path.Join("/run/vmqbot", "guard-"+node+".state"),
		log:     path.Join("/var/log", service+".log"),
		unit:    path.Join("/etc/systemd/system", service+".service"),
		cron:    path.Join("/etc/cron.d", service),
		service: service + ".service",
	}
}
