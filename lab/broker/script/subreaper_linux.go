package script

import "syscall"

// becomeSubreaper makes orphans below this process its children.
func becomeSubreaper() {
	const setChildSubreaper = 36
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0)
}
