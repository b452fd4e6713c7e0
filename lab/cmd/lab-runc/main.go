// Command lab-runc stands before runc as Docker's runtime on machines whose
// capability bounding set is not whole. It edits the bundle and becomes runc.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"vmqbot/lab/bounding"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lab-runc:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	missing, err := bounding.Missing(string(status))
	if err != nil {
		return err
	}
	for _, file := range bounding.Files(args) {
		if err := trim(file, missing); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return err
	}
	return syscall.Exec(runc, append([]string{runc}, args...), os.Environ())
}

func trim(file string, missing []string) error {
	spec, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if spec, err = bounding.Without(spec, missing); err != nil {
		return err
	}
	return os.WriteFile(file, spec, 0o600)
}
