package wire

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"vmqbot/secret"
)

// Closing an ssh session does not stop its command, and sshd ignores a
// signal request for root: both measured. So each command runs beside a
// watchdog that waits for the end of stdin, which sshd brings about when the
// session is closed or the connection is cut, and then stops the command.
//
// The command is in a session of its own, so that its children are stopped
// with it, and "wait" hands its exit status through. What looks odd is so for
// a reason:
//   - "kill -TERM -$p", never "kill -TERM -- -$p": dash takes the second for
//     "Illegal number: -" and kills nothing.
//   - Its second form, without the minus, is for an end that comes before
//     setsid made the group.
//   - A command under sudo is killed under sudo. Without, the signal reaches
//     sudo alone, which hands it to its command but not to the children. The
//     kill must be a shell's own: procps' program reads only the first digit
//     of "-12345" and then signals every process of the host.
//   - "read" waits without a process of its own. Nothing is ever written to
//     stdin for it to read.
//   - "wait" is hushed because dash says "Terminated" for the command's shell.
//   - The sleep is killed with the watchdog, or each stopped command would
//     leave one behind for five seconds.
const alone = `exec 3<&0
setsid -- COMMAND </dev/null 3<&- & p=$!
{ ` + untilEnd + `; } <&3 3<&- >/dev/null 2>&1 & w=$!
exec 3<&-
wait $p 2>/dev/null; r=$?
kill $w 2>/dev/null
exit $r`

const untilEnd = `read -r _; SIGNAL || kill -TERM $p
  sleep 5 </dev/null & s=$!; trap 'kill $s; exit' TERM; wait $s; FINISH`

// fed is the same for a command with input, whose length is known. The
// watchdog hands it over and then waits for the end. A named pipe joins the
// two, because a shell tells only the last process of a pipeline, and each
// must be known: an sshd may give stdin and stdout one socket, so a watchdog that
// is left behind would hold the output open.
const fed = `exec 3<&0
d=$(mktemp -d) && mkfifo $d/in || exit 126
setsid -- COMMAND <$d/in 3<&- & p=$!
{ head -c SIZE >$d/in; rm -rf $d; ` + untilEnd + `; } <&3 3<&- >/dev/null 2>&1 & w=$!
exec 3<&-
wait $p 2>/dev/null; r=$?
kill $w 2>/dev/null
rm -rf $d
exit $r`

// maxStdin is what a pipe holds. More could block the watchdog behind a
// command that does not read, and a blocked watchdog watches nothing.
const maxStdin = 64 << 10

// watched puts a command under the watchdog.
func watched(argv []secret.Word, stdin int) (string, error) {
	line, err := quote(argv)
	if err != nil {
		return "", err
	}
	if stdin > maxStdin {
		return "", fmt.Errorf("%d bytes of input are more than the %d that a command may be given; write a file instead", stdin, maxStdin)
	}
	term, kill := "kill -TERM -$p", "kill -KILL -$p"
	if path.Base(argv[0].Reveal()) == "sudo" {
		term, kill = "sudo -n sh -c 'kill -TERM -$0' $p", "sudo -n sh -c 'kill -KILL -$0' $p"
	}
	script := alone
	if stdin > 0 {
		script = fed
	}
	// One pass: a word of the command that reads as a placeholder is none.
	return strings.NewReplacer("COMMAND", line, "SIZE", strconv.Itoa(stdin), "SIGNAL", term, "FINISH", kill).Replace(script), nil
}
