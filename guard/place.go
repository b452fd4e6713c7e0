package guard

import "path"

// SeenFile is the file that each look of a bot touches, where there is one. The
// guard makes it.
const SeenFile = "/run/vmqbot/seen"

// Program is where the guard of a node is on its host: the bot's own binary.
func Program(node string) string { return path.Join("/usr/local/lib/vmqbot", "guard-"+node) }

// Shipped is where the binary is put first, in the login user's own folder; its
// setup moves it to its place.
func Shipped(node string) string { return ".vmqbot-guard-" + node }
