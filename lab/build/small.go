package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"vmqbot/lab/command"
)

// baseTree makes the directories that every small image has; /bin and the
// like are links, as in Debian.
func baseTree(dir string) error {
	var errs []error
	for _, d := range []string{"usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "etc", "tmp", "var/log", "var/lib", "root", "run"} {
		errs = append(errs, os.MkdirAll(filepath.Join(dir, d), 0o755))
	}
	for _, link := range []string{"bin", "sbin", "lib", "lib64"} {
		errs = append(errs, os.Symlink("usr/"+link, filepath.Join(dir, link)))
	}
	errs = append(errs, os.Symlink("../run", filepath.Join(dir, "var/run")))
	return errors.Join(errs...)
}

// addBusybox puts Debian's static busybox into the tree, with a link for every
// applet whose name the tree does not have yet.
func addBusybox(ctx context.Context, root, dir string) error {
	bb := filepath.Join(dir, "usr/bin/busybox")
	if _, err := command.Run(ctx, "cp", filepath.Join(root, "usr/bin/busybox"), bb); err != nil {
		return err
	}
	applets, err := command.Run(ctx, bb, "--list")
	if err != nil {
		return err
	}
	for _, name := range strings.Fields(applets) {
		if taken(dir, name) {
			continue
		}
		if err := os.Symlink("busybox", filepath.Join(dir, "usr/bin", name)); err != nil {
			return err
		}
	}
	return nil
}

func taken(dir, name string) bool {
	return slices.ContainsFunc([]string{"usr/bin/", "usr/sbin/"}, func(at string) bool {
		_, err := os.Lstat(filepath.Join(dir, at+name))
		return err == nil
	})
}

// addPrograms copies files of root, given by their real paths, and every
// library that they are linked with.
func addPrograms(ctx context.Context, root, dir string, paths ...string) error {
	want := slices.Clone(paths)
	for _, path := range paths {
		libs, err := libraries(ctx, root, path)
		if err != nil {
			return err
		}
		want = append(want, libs...)
	}
	slices.Sort(want)
	for _, path := range slices.Compact(want) {
		to := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if _, err := command.Run(ctx, "cp", "--dereference", "--recursive", filepath.Join(root, path), to); err != nil {
			return err
		}
	}
	return nil
}

// libraries asks the root's own ldd. A static program or a directory has none.
func libraries(ctx context.Context, root, path string) ([]string, error) {
	said, err := command.Run(ctx, "chroot", root, "ldd", path)
	if command.ExitCode(err) == 1 {
		return nil, nil
	}
	return librariesIn(said), err
}

var libraryPath = regexp.MustCompile(`(?m)(?:=> |^\s)(/\S+)`)

// librariesIn reads the output of ldd.
func librariesIn(said string) []string {
	var libs []string
	for _, m := range libraryPath.FindAllStringSubmatch(said, -1) {
		libs = append(libs, m[1])
	}
	return libs
}
