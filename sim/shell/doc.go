// Package shell is a POSIX shell that behaves as dash does, and runs over the
// processes of package kernel: subshells, pipelines and background commands are
// processes there, with numbers, signals and open files.
//
// Scripts are parsed by mvdan.cc/sh and interpreted here. What dash has and
// this has not: aliases, job control, history, the prompt.
package shell
