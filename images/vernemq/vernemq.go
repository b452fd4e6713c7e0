// Package vernemq holds what VerneMQ's image is built of, and how a host with
// Docker builds it. The layers are the same every time; the image becomes so when
// what the builder writes into its configuration (times, names of containers) is
// settled, which is the executor's.
package vernemq

import (
	_ "embed" // the files
	"strconv"
)

// The files beside the archive.
var (
	//go:embed Dockerfile
	Dockerfile string
	//go:embed start_vernemq
	Start string
)

// Base is the system that the image stands on when nobody says another.
const Base = "debian:bookworm-slim"

// Packages are what a release needs of Debian.
const Packages = "libncurses6 libssl3 libsnappy1v5 libstdc++6 ca-certificates"

// Epoch is the time of every file, in seconds since 1970: the same in every build,
// and after what old archivers take for unset.
const Epoch = 946684800

// LayOut makes the folder of a build and puts the archive there. Its arguments are
// the folder, the archive and its wanted digest, "" for any. It says what is wrong
// in one line.
const LayOut = `rm -rf "$0"
[ -f "$1" ] || { echo "there is no archive $1" >&2; exit 1; }
mkdir -p -m 700 "$0" && cp -- "$1" "$0/release.tar.gz" || exit 1
tar -tzf "$0/release.tar.gz" >/dev/null || { echo "$1 is no archive of tar and gzip, or not whole" >&2; exit 1; }
[ -z "$2" ] || [ "$(sha256sum <"$0/release.tar.gz")" = "$2  -" ] || { echo "$1 is not the archive with sha256 $2" >&2; exit 1; }`

// Build is one way of building.
type Build struct {
	Folder string // what LayOut made, with Dockerfile and Start beside it
	Ref    string // what the image is called until it is settled
	Base   string
	Bare   bool     // the base has everything: no package is installed
	More   []string // more words for docker build
}

// Argv is the command line: the builder that every engine has.
func (b Build) Argv() []string {
	packages := Packages
	if b.Bare {
		packages = ""
	}
	argv := []string{"env", "DOCKER_BUILDKIT=0", "docker", "build", "--tag", b.Ref, "--build-arg", "BASE=" + b.Base, "--build-arg", "PACKAGES=" + packages, "--build-arg", "SOURCE_DATE_EPOCH=" + strconv.Itoa(Epoch)}
	return append(append(argv, b.More...), b.Folder)
}
