package facts

// Setup is what is installed on a host: read only when a verb asks for it.
type Setup struct {
	OS       string            `json:"os"`       // ID of /etc/os-release: debian
	Like     []string          `json:"like"`     // its ID_LIKE
	Name     string            `json:"name"`     // its PRETTY_NAME
	Packages string            `json:"packages"` // apt-get or dnf, whichever is there; "" for neither
	Root     bool              `json:"root"`     // what the bot runs there runs as root
	Systemd  bool              `json:"systemd"`  // systemd runs the host
	Docker   string            `json:"docker"`   // path of the docker program; "" for none
	Flags    []string          `json:"flags"`    // the command line of the running dockerd; empty when none runs
	Validate bool              `json:"validate"` // dockerd can say whether a daemon.json is right
	Conf     Seen[string]      `json:"-"`        // daemon.json, which may hold secrets; Absent when there is none
	Weave    Seen[WeaveScript] `json:"weave"`    // Absent when there is none
	Folders  map[string]string `json:"folders"`  // planned folder to its owner, "uid:gid"; those that are there
	InGroup  bool              `json:"in_group"` // the login user may use Docker's socket by its group, or is root
	Armed    bool              `json:"armed"`    // a change of Docker's network was not confirmed, and will be or was reverted
}

// WeaveScript is a weave script. What it runs is named after it.
type WeaveScript struct {
	Path    string `json:"path"`
	Version string `json:"version"` // SCRIPT_VERSION: 2.8.1
	User    string `json:"user"`    // whose images it runs: weaveworks
	SHA256  string `json:"sha256"`  // of the script
}

// Images are the references that the script runs.
func (s WeaveScript) Images() []string {
	return []string{s.User + "/weave:" + s.Version, s.User + "/weaveexec:" + s.Version, s.User + "/weavedb:latest"}
}

// Kit is the folder on the operator's machine that has Weave Net.
type Kit struct {
	Folder  string      `json:"folder"`
	Script  WeaveScript `json:"script"`
	Archive string      `json:"archive"` // path of images.tar, as docker save wrote it
	Size    int64       `json:"size"`    // its bytes

	Images map[string]string `json:"images"` // in the archive: reference to id
}
