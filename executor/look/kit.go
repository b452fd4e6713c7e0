package look

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"

	"vmqbot/executor/stock"
	"vmqbot/facts"
)

var (
	scriptVersion = regexp.MustCompile(`(?m)^SCRIPT_VERSION="([^"]+)"`)
	scriptUser    = regexp.MustCompile(`(?m)^DOCKERHUB_USER=\$\{DOCKERHUB_USER:-([^}]+)\}`)
)

// ReadKit reads the folder on this machine that has the weave script and the
// archive of its images.
func ReadKit(folder string) facts.Seen[facts.Kit] {
	if folder == "" {
		return facts.Missed[facts.Kit](facts.Absent, "the fleet file names no network.kit.")
	}
	k := facts.Kit{Folder: folder, Archive: filepath.Join(folder, "images.tar")}
	k.Script.Path = filepath.Join(folder, "weave")
	text, err := os.ReadFile(k.Script.Path)
	if err != nil {
		return facts.Missed[facts.Kit](facts.Failed, err.Error())
	}
	version, user := scriptVersion.FindSubmatch(text), scriptUser.FindSubmatch(text)
	if version == nil || user == nil {
		return facts.Missed[facts.Kit](facts.Unreadable, k.Script.Path+" does not say its version, as the script of Weave Net does.")
	}
	sum := sha256.Sum256(text)
	k.Script.Version, k.Script.User, k.Script.SHA256 = string(version[1]), string(user[1]), hex.EncodeToString(sum[:])
	at, err := os.Stat(k.Archive)
	if err != nil {
		return facts.Missed[facts.Kit](facts.Failed, err.Error()+": write it with docker save")
	}
	k.Size = at.Size()
	if k.Images, err = within(k.Archive); err != nil {
		return facts.Missed[facts.Kit](facts.Unreadable, k.Archive+" is no archive of docker save: "+err.Error()+".")
	}
	return facts.Saw(k)
}

// within tells what an archive of docker save holds.
func within(archive string) (map[string]string, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	images, err := stock.Contents(f)
	byRef := map[string]string{}
	for _, i := range images {
		for _, ref := range i.Refs {
			byRef[facts.Canonical(ref)] = i.ID
		}
	}
	return byRef, err
}
