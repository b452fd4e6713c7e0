package broker

import (
	"strconv"
)

// setting is the value of a key: set at run time, else configured.
func (n *Node) setting(key string) string {
	n.mu.Lock()
	v, ok := n.settings[key]
	n.mu.Unlock()
	if ok {
		return v
	}
	return n.opt.Config.Get(key)
}

func (n *Node) settingInt(key string, otherwise int) int {
	i, err := strconv.Atoi(n.setting(key))
	if err != nil {
		return otherwise
	}
	return i
}

func (n *Node) on(key string) bool { return n.setting(key) == "on" }
