// Package picture answers what it looks like: what a verb saw, as a PNG, for
// where people would rather look than read. It is pure: the same input gives
// the same bytes, and the letters are compiled in.
package picture
