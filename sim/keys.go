package sim

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
)

// newKey makes a key pair.
func newKey() (ssh.Signer, []byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "vmqbot sim")
	if err != nil {
		return nil, nil, err
	}
	s, err := ssh.NewSignerFromKey(private)
	return s, pem.EncodeToMemory(block), err
}

// keepKey reads a key from a file, or makes it.
func keepKey(path string) (ssh.Signer, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		s, err := ssh.ParsePrivateKey(text)
		if err != nil {
			return nil, fmt.Errorf("%s is not a private key (%w); remove it and start again", path, err)
		}
		return s, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s, text, err := newKey()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return s, os.WriteFile(path, text, 0o600)
}

// keepCookie reads the cluster's cookie, or makes it.
func keepCookie(path string) (string, error) {
	if text, err := os.ReadFile(path); err == nil {
		return string(text), nil
	}
	cookie := rand.Text()
	return cookie, os.WriteFile(path, []byte(cookie), 0o600)
}
