// Package clique is the command line of vmq-admin: it finds the command, its
// key=value arguments and its flags, and writes the answer as a table for
// people, as JSON or as CSV, in the ways of VerneMQ 1.6 and 2.1.
package clique

// Undefined is Erlang's undefined in a table: a word for people, null in JSON.
const Undefined = atom("undefined")

type atom string

// Part is one piece of an answer: Text, Alert or Table.
type Part interface{ part() }

// Text is a line of words.
type Text string

// Alert is a line of words that says that something is wrong. Nothing but the
// JSON form tells it from a Text.
type Alert string

// Table holds rows of string, int, bool, nil or Undefined cells. One without
// rows prints nothing.
type Table struct {
	Header []string
	Rows   [][]any
}

// Raw is text that is written without a newline of its own.
type Raw string

func (Text) part()  {}
func (Alert) part() {}
func (Table) part() {}
func (Raw) part()   {}

// Result is what a command answers, and its exit status.
type Result struct {
	Parts []Part
	Exit  int
	Crash *Output // the command died: written as it is, in any format
}

// Say is the answer of one text with exit status 0.
func Say(s string) Result { return Result{Parts: []Part{Text(s)}} }

// Warn is the answer of one alert with exit status 0, as VerneMQ does for most
// refusals.
func Warn(s string) Result { return Result{Parts: []Part{Alert(s)}} }

// Fail is the answer of one alert with exit status 1.
func Fail(s string) Result { return Result{Parts: []Part{Alert(s)}, Exit: 1} }

// Style is how tables look to people.
type Style int

// The two styles.
const (
	Plain Style = iota // up to 1.10: |VerneMQ@10.0.0.1| true  |
	Ruled              // from 1.11: a rule after every row, bold headers even in a pipe
)

// Output is what the process of vmq-admin writes and returns.
type Output struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Exit   int    `json:"exit"`
}
