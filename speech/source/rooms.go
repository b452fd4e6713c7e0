package source

import (
	"os"
	"path/filepath"

	"vmqbot/speech"
)

// Rooms are those whose words people read in Slack or on a terminal.
var Rooms = []string{
	"ops", "checks", "commands", "alerts", "control", "regions", "facts", "answer", "secret", "conf", "dockerconf", "gate", "shape", "timetable", "guard", "network",
	"weave", "vernemq", "explain", "explain/typed", "bot", "terminal", "cmd/bot", "watch", "demo", "store", "sim",
	"executor", "executor/do", "executor/engine", "executor/lease", "executor/look", "executor/probe", "executor/registry", "executor/run", "executor/self", "executor/ship", "executor/stock", "executor/wire",
}

// Missing returns the sentences of the rooms, and of Others, that a catalog has no entry for.
func Missing(root, lang string, rooms ...string) ([]Sentence, error) {
	catalog, err := os.ReadFile(filepath.Join(root, "speech", lang+".tsv")) //nolint:gosec // a file of the repository
	if err != nil {
		return nil, err
	}
	entries, err := speech.Entries(string(catalog))
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, e := range entries {
		has[e.English] = true
	}
	all, err := Read(root, rooms...)
	if err != nil {
		return nil, err
	}
	for _, form := range Others {
		all = append(all, Sentence{Form: form, Room: "others", At: "speech/source/others.go"})
	}
	var lacking []Sentence
	for _, s := range all {
		if !has[s.Form] {
			lacking = append(lacking, s)
		}
	}
	return lacking, nil
}
