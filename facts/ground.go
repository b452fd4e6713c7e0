package facts

import (
	"time"

	"vmqbot/secret"
)

// Ground is what a deploy stands on: read only when a verb asks for it.
type Ground struct {
	Arch    string            `json:"arch"`     // the engine's, as Go names it: amd64
	Image   Seen[ImageDetail] `json:"image"`    // the image that is to run; Absent when the host does not have it
	Conf    Seen[secret.Text] `json:"conf"`     // vernemq.conf of the container, or without one of that kept last; Absent when there is none
	Doors   Seen[string]      `json:"doors"`    // vmqbot.listeners beside it
	Disks   map[string]Disk   `json:"disks"`    // by folder of regions.Volumes, those that exist or their nearest parent
	Data    Seen[int64]       `json:"data"`     // bytes in the host's data folder; 0 when it is empty or not there
	InLayer Seen[int64]       `json:"in_layer"` // bytes of the broker's data in the container's own layer; Absent when a volume holds it
	Ports   map[int]string    `json:"ports"`    // host ports that other containers publish, by port
	Nofile  int64             `json:"nofile"`   // the highest limit of open files that the host grants; 0 unknown
	Kept    []Container       `json:"kept"`     // old containers that a deploy kept, newest first; all fields of an inspect

	// KeptConf is the vernemq.conf that each of them ran with, by its id, when it was asked for.
	KeptConf map[string]Seen[secret.Text] `json:"kept_conf,omitempty"`
}

// ImageDetail is one image as the engine describes it.
type ImageDetail struct {
	ID         string            `json:"id"`
	Arch       string            `json:"arch"`
	OS         string            `json:"os"`
	User       string            `json:"user"`
	Entrypoint []string          `json:"entrypoint,omitempty"`
	Cmd        []string          `json:"cmd,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	Size       int64             `json:"size"` // bytes
	Created    time.Time         `json:"created"`
	Comment    string            `json:"comment,omitempty"` // "Imported from -" tells docker import
}

// Disk is the file system that holds a folder.
type Disk struct {
	Free  int64 `json:"free"`  // bytes
	Total int64 `json:"total"` // bytes
}
