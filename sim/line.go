package sim

import (
	"fmt"
	"strings"
)

// line says how a host is, from its own state.
func (h *host) line() string {
	m, err := h.running()
	if err != nil {
		return fmt.Sprintf("%-6s off", h.site.Name)
	}
	words := []string{fmt.Sprintf("%-6s %s on", h.site.Name, h.site.IP)}
	if h.engine == nil {
		return words[0]
	}
	c, ok := h.engine.Find(h.site.Container)
	switch {
	case !ok:
		words = append(words, "no broker")
	case !c.Running():
		words = append(words, h.site.Container+" does not run")
	default:
		space := c.Space()
		have := map[bool]string{true: "has", false: "lacks"}
		words = append(words, fmt.Sprintf("%s %s %s", h.site.Container, have[space != nil && space.Has(h.site.Address.Addr())], h.site.Address.Addr()))
	}
	if m.Full.Load() {
		words = append(words, "disk full")
	}
	return strings.Join(words, ", ")
}
