// Package self is the bot's own program as a file: what is shipped to a host
// that shall have a guard.
package self

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Program is the file of the program that runs.
type Program struct {
	SHA256  string
	Content []byte
}

// Read reads the program, once.
var Read = sync.OnceValues(func() (Program, error) {
	path, err := os.Executable()
	if err != nil {
		return Program{}, fmt.Errorf("finding this program's own file: %w", err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Program{}, fmt.Errorf("reading this program's own file: %w", err)
	}
	sum := sha256.Sum256(content)
	return Program{hex.EncodeToString(sum[:]), content}, nil
})

// Machine is what uname -sm prints where this program can run; "" where that is
// not known.
func Machine() string {
	if runtime.GOOS != "linux" {
		return ""
	}
	return map[string]string{"amd64": "Linux x86_64", "arm64": "Linux aarch64"}[runtime.GOARCH]
}
