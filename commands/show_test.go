package commands

import "testing"

// TestColumnsOfWideLetters: a letter that takes two cells of a terminal takes two of
// its column, so what stands right of a reason or a title in Chinese stays in its own.
func TestColumnsOfWideLetters(t *testing.T) {
	got := table([][]string{
		{"NODE", "WHY", "UNTIL"},
		{"cn-1", "更换磁盘", "14:59"},
		{"eu-1", "new disks", "15:30"},
		{"中国", "", "16:00"},
		{"sg-1", "Zu\u0308rich", "17:00"},
	})
	const want = `  NODE  WHY        UNTIL
  cn-1  更换磁盘   14:59
  eu-1  new disks  15:30
  中国             16:00
  sg-1  Zu` + "\u0308" + `rich     17:00
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
