package watch

import "vmqbot/ops"

// witness is who sees what is done; nobody sees it in vain.
func (w *Watch) witness() ops.Witness {
	if w.Witness == nil {
		return ops.Witnesses(nil)
	}
	return w.Witness
}

func (w *Watch) notice(n ops.Noticed) {
	n.At = w.now()
	w.witness().Noticed(n)
}
