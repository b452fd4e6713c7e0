package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"vmqbot/ops"
	"vmqbot/speech"
)

// Ask asks for consent to the plan that was shown. Where nobody can answer,
// because in is not a terminal, it refuses and names --yes.
func Ask(ctx context.Context, in io.Reader, out io.Writer, t *speech.Tongue) (bool, error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, ops.Errorf(ops.Refused, "the same with --yes before the two dashes", "This changes something, and nobody can be asked here.")
	}
	fmt.Fprint(out, t.Line("Do this? Type yes: "))
	return answerOf(ctx, f)
}

// answerOf waits for one line or for the end of ctx. The reading goroutine
// ends with the process when nobody ever answers: a blocked read of a
// terminal cannot be called back.
func answerOf(ctx context.Context, in io.Reader) (bool, error) {
	line := make(chan string, 1)
	go func() {
		s, _ := bufio.NewReader(in).ReadString('\n') // no line is no consent
		line <- s
	}()
	select {
	case <-ctx.Done():
		return false, ops.Errorf(ops.Refused, "the same again", "Interrupted; nothing was done.")
	case s := <-line:
		return strings.EqualFold(strings.TrimSpace(s), "yes"), nil
	}
}
