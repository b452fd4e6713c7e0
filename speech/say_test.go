package speech

import (
	"strings"
	"testing"
)

const fewForms = "%s cannot be seen: %s\t看不到 %s：%s\n" +
	"open %s: permission denied\t打开 %s：权限不足\n" +
	"Attach %s to %s\t把 %s 附加到 %s\n" +
	"%s of %s\t%[2]s 的 %[1]s\n" +
	"%s in %s (%s)\t%[2]s 的 %[1]s（%[3]s）\n" +
	"%d nodes\t%d 个节点\n" +
	"nothing to do\t无需操作\n" +
	"Nothing was done.\t没有执行任何操作。\n" +
	"taken on by %s\t由 %s 认领\n" +
	"healing\t修复中\n" +
	"NODE\t节点\n" +
	"WHY\t原因\n"

// TestLine is how lines come and how they are said.
func TestLine(t *testing.T) {
	z, err := Read(fewForms)
	if err != nil {
		t.Fatal(err)
	}
	for english, want := range map[string]string{
		"cn-1 cannot be seen: open /x: permission denied":      "看不到 cn-1：打开 /x：权限不足",
		"Nothing was done. cn-1 cannot be seen: nothing to do": "没有执行任何操作。看不到 cn-1：无需操作",
		"ip of cn-1":                          "cn-1 的 ip",
		"  cn-1 healing, taken on by ana":     "  cn-1 修复中，由 ana 认领",
		"attach a to b":                       "attach a to b", // a line to type is none of the form's
		"$ nothing to do":                     "$ nothing to do",
		"4 nodes":                             "4 个节点",
		"four nodes":                          "four nodes",
		"ip in cn-1 (nothing to do)":          "cn-1 的 ip（无需操作）",
		"somebody came in 5s (nothing to do)": "somebody came in 5s（无需操作）", // a little word turns nothing around that it does not understand
		"nobody wrote this sentence down":     "nobody wrote this sentence down",
		"":                                    "",
	} {
		if got := z.Line(english); got != want {
			t.Errorf("%q is said %q, want %q", english, got, want)
		}
	}
	if got := (*Tongue)(nil).Text("nothing to do"); got != "nothing to do" {
		t.Error(got)
	}
}

// TestTable: columns stay columns though a Chinese letter takes two cells.
func TestTable(t *testing.T) {
	z, err := Read(fewForms)
	if err != nil {
		t.Fatal(err)
	}
	const english = "  NODE  WHY\n  cn-1  nothing to do\n  sg    healing\nNothing was done."
	const want = "  节点  原因\n  cn-1  无需操作\n  sg    修复中\n没有执行任何操作。"
	if got := z.Text(english); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const wide = "  NODE  WHY      NODE\n  中国  healing  cn-1\n  sg    更换     healing"
	if got := z.Text(wide); got != "  节点  原因    节点\n  中国  修复中  cn-1\n  sg    更换    修复中" {
		t.Errorf("got\n%s", got)
	}
}

// TestRefused: a catalog in which something is wrong is no tongue.
func TestRefused(t *testing.T) {
	for catalog, why := range map[string]string{
		"%s is away\t%s 和 %s": "same arguments",
		"%d nodes\t%s 个节点":    "same arguments",
		"%s\t%s":              "no word",
		"no tab":              "one tab",
	} {
		if _, err := Read(catalog); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", catalog, err)
		}
	}
}

// FuzzText: whatever comes is said, and what is typed stays as it is.
func FuzzText(f *testing.F) {
	f.Add("  NODE  WHY\n  cn-1  (nothing to do)\n")
	f.Add("a: b. c; d (e) `f` \"g")
	f.Fuzz(func(t *testing.T, s string) {
		z := In("zh")
		typed := "$ " + strings.Map(func(r rune) rune { return max(r, ' ') }, s)
		if got := z.Text(typed); strings.Contains(typed, "  ") == false && got != typed {
			t.Errorf("%q became %q", typed, got)
		}
		z.Text(s)
	})
}

// TestSlacksMarks: pictures, bold and code of a message stay where they are.
func TestSlacksMarks(t *testing.T) {
	z := In("zh")
	for english, want := range map[string]string{
		":red_circle: *Critical: ip in cn*":  ":red_circle: *严重：cn 中的 ip*",
		"*Repair* type `/vmq reattach cn-1`": "*修复* 请输入 `/vmq reattach cn-1`",
		":hourglass: <@U0BOB> asks for this. It waits for <@U0SUE> to confirm, until <!date^1^{date}|x>.": ":hourglass: <@U0BOB> 申请此操作。等待 <@U0SUE> 确认，截止 <!date^1^{date}|x>。",
	} {
		if got := z.Text(english); got != want {
			t.Errorf("%q is said %q, want %q", english, got, want)
		}
	}
}
