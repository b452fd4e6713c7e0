// Package endpoints answers what the watch sees, to whoever may reach its port:
// whether it lives (/healthz) and works (/readyz), and the mesh as a page
// (/mesh) and for programs (/mesh.json). It is a witness of the watch
// (ops.Witness): a request reads what was seen last and causes no look. Nothing
// can be changed through it, and it asks nobody who they are: listen on
// loopback, or behind something that does.
package endpoints
