// Package weave is the dialect of Weave Net: how to say a command (argv that
// begins with "weave") and how to read the answer, and nothing else.
//
// The formats are those of the weave script and of the templates of the
// router (prog/weaver/http.go), read in the source of 2.6.5 and checked
// against recorded answers of 2.8.1 (testdata).
//
// # What an answer must look like
//
// Every line of an answer ends in a newline; a last line without one was cut
// and is refused (answer.Garbled), because "mtu=143" may be the beginning of
// "mtu=1438". Windows line endings and blank lines around the text, as left
// by a terminal or a chat, do not matter. Control characters and broken UTF-8
// are refused. A non-zero exit is never read as success.
//
// # What cannot be detected
//
// Text that is cut exactly between two lines is a complete shorter answer for
// weave status connections, targets and dns, and for weave ps: nothing in
// them tells how many lines there should be.
//
// A cut of weave status peers is found: every peer that is named must have
// its own paragraph, and the last paragraph must name everybody who names its
// peer. Two cuts remain: the first heading alone, which is what a single host
// prints, and a cut inside of a paragraph whose lost lines lead only to peers
// that nobody above it is connected with, which a mesh without a full set of
// connections can have.
//
// A cut of weave status ipam is found because the shares must add up to the
// whole range, unless nothing is left. A cut of weave status is found unless
// it falls on the blank line after a section, since dns, proxy and plugin can
// be switched off. Silence is the success of connect, forget, stop and reset;
// lost output looks the same.
//
// The JSON of /report has none of these gaps: programs use that.
package weave
