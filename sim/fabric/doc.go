// Package fabric is networks in memory: network namespaces with addresses and
// TCP sockets, joined by segments that may be cut, slow or gone. It is what
// the kernel's network stack is to a real fleet, and no packet leaves the
// process.
//
// A connection keeps what was sent while the way is closed, as TCP does, and
// delivers it when the way is open again. Time is the standard library's, so
// that a testing/synctest bubble may let days pass in milliseconds.
package fabric
