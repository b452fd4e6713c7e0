package fleet

import (
	"context"

	"vmqbot/lab/world"
)

// smaller lays a disk of a size over a folder, with what is in it. fuller
// leaves nothing free there, without a byte written.
const (
	smaller = `set -e
mkdir -p "$1"
cp -a "$1" /tmp/small
mount -t tmpfs -o size="$2" small "$1"
chown --reference=/tmp/small "$1"
cp -a /tmp/small/. "$1"
rm -rf /tmp/small`
	fuller = `set -e
mount -o remount,size="$(($(df -k --output=used "$1" | tail -1) + 4))k" "$1"`
)

// Disk leaves so much room on a disk that it lays over a folder, as 700m, or
// none on one that is there already: full. Mend and Reset take it away.
func (l *Lab) Disk(ctx context.Context, h world.Host, dir, size string) error {
	if !l.daemon.Running() {
		return notUp()
	}
	script := smaller
	if size == "full" {
		script = fuller
	}
	_, err := l.on(ctx, h, "sh", "-c", script, "disk", dir, size)
	return err
}

// Fill leaves no room in the folders of the broker.
func (l *Lab) Fill(ctx context.Context, h world.Host) error {
	for _, dir := range []string{confDir, logPath, dataPath} {
		for _, size := range []string{"64m", "full"} {
			if err := l.Disk(ctx, h, dir, size); err != nil {
				return err
			}
		}
	}
	return nil
}

// Refuse takes the bot's key from a host and ends the logins that are there.
func (l *Lab) Refuse(ctx context.Context, h world.Host) error {
	if !l.daemon.Running() {
		return notUp()
	}
	if err := l.lockOut(h); err != nil {
		return err
	}
	_, err := l.on(ctx, h, "sh", "-c", `pkill -KILL -u "$1" || [ $? -eq 1 ]`, "refuse", fleetUser)
	return err
}
