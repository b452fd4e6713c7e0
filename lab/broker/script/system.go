package script

import "context"

// System is what the scripts ask of the operating system beside files and
// sockets. What runs in an image asks the real one; a simulator puts its own
// here, and several may live in one process.
type System interface {
	// PID is the number of the process that the script runs in.
	PID() int
	// OpenFiles is `ulimit -n`; false when nobody knows.
	OpenFiles() (uint64, bool)
	// Alive is what `kill -0` says, but for a process that has ended and is not
	// yet collected by its parent.
	Alive(pid int) bool
	// Spawn starts a program in the background, in a session of its own, with
	// its output at the end of a file. argv[0] is its path.
	Spawn(argv []string, log string) error
	// Become is exec: it comes back with an error, or where a process is no
	// more than a function with the program's exit status.
	Become(argv []string) (int, error)
	// Asked returns a context that ends with TERM or INT. HUP does nothing from
	// now on.
	Asked(ctx context.Context) (context.Context, context.CancelFunc)
	// Adopt makes this process the first one of a container: every child that
	// ends is collected, also those that others left.
	Adopt() Family
}

// Family is the children of the first process of a container.
type Family interface {
	// Run starts this program under another name, with the same output; the
	// channel gets its exit status.
	Run(args ...string) (<-chan int, error)
	// Terminate sends TERM to every living child and says how many there are.
	Terminate() int
	// Close collects no more; the children run on.
	Close()
}
